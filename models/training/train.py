#!/usr/bin/env python3
"""Trains DeepPose on a WFLW-style list. Resumable: run the same command again after an interruption.

Example (the default model's stages, two cores):
  train.py --data DATA --size 96  --epochs 28 --lr 2e-3 --micro 64 --out stage96
  train.py --data DATA --size 128 --epochs 7  --lr 1.2e-3 --micro 32 --start stage96/last.pt --out stage128
  train.py --data DATA --size 256 --pool 2 --epochs 14 --lr 1e-3 --micro 32 --start stage128/last.pt --out stage256
"""
import argparse
import copy
import csv
import os
import time

import numpy as np
import torch

import deeppose
from faces import Faces, nme


def wing(predicted, truth, w=0.04, eps=0.008):
    """Wing loss (Feng et al. 2018) on fractions of the picture: a logarithm near zero, linear beyond w."""
    distance = (predicted - truth).abs()
    offset = w - w * np.log(1 + w / eps)
    return torch.where(distance < w, w * torch.log(1 + distance / eps), distance - offset).mean()


def one_cycle(progress, warm_up):
    """Share of the top learning rate: linear up during `warm_up`, then a cosine down to 0.2 %."""
    if progress < warm_up:
        return 0.1 + 0.9 * progress / warm_up
    return 0.002 + 0.998 * 0.5 * (1 + np.cos(np.pi * (progress - warm_up) / (1 - warm_up)))


@torch.no_grad()
def evaluate(net, loader, device):
    net.eval()
    errors = []
    for crops, truth in loader:
        crops = crops.to(device, memory_format=torch.channels_last)
        errors.append(nme(net(crops).view(len(crops), -1, 2).cpu().numpy(), truth.numpy()))
    return np.concatenate(errors)


def save(path, content):
    torch.save(content, path + ".part")
    os.replace(path + ".part", path)  # an interruption never leaves half a file


def main():
    args = parse()
    os.makedirs(args.out, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_num_threads(args.threads)
    np.random.seed(args.seed)
    torch.manual_seed(args.seed)

    train = Faces(os.path.join(args.data, args.train_list), args.data, args.size, True, args.pool)
    val = Faces(os.path.join(args.data, args.val_list), args.data, args.size, False, args.pool)
    loaders = dict(num_workers=args.workers, pin_memory=device.type == "cuda")
    train_loader = torch.utils.data.DataLoader(train, args.micro, shuffle=True, drop_last=True, **loaders)
    val_loader = torch.utils.data.DataLoader(val, args.micro, **loaders)

    net = (deeppose.load_weights(args.start) if args.start else deeppose.build(args.depth)).to(device)
    ema = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), args.lr, weight_decay=args.decay)
    first_epoch, step, spent = 0, 0, 0.0
    last = os.path.join(args.out, "last.pt")
    if os.path.exists(last):
        state = torch.load(last, map_location="cpu")
        net.load_state_dict(state["net"])
        ema.load_state_dict(state["ema"])
        optimiser.load_state_dict(state["optimiser"])
        first_epoch, step, spent = state["epoch"], state["step"], state["spent"]
        print(f"resumed after epoch {first_epoch}", flush=True)
    else:
        errors = evaluate(net, val_loader, device)
        print(f"start: val NME {errors.mean():.3f} % mean, {np.median(errors):.3f} % median", flush=True)

    accumulate = max(1, args.batch // args.micro)
    total_steps = args.epochs * (len(train_loader) // accumulate)
    progress = 0.0
    for epoch in range(first_epoch, args.epochs):
        began, loss_sum, net_batches = time.time(), 0.0, 0
        net.train()
        for index, (crops, truth) in enumerate(train_loader):
            crops = crops.to(device, memory_format=torch.channels_last, non_blocking=True)
            truth = truth.to(device, non_blocking=True)
            with torch.autocast(device.type, dtype=torch.bfloat16):
                predicted = net(crops)
            loss = wing(predicted.float().view_as(truth), truth)
            (loss / accumulate).backward()
            loss_sum, net_batches = loss_sum + loss.item(), net_batches + 1
            if (index + 1) % accumulate:
                continue
            # Whichever ends first, the epochs or the hours, finds the learning rate annealed.
            elapsed = spent + time.time() - began
            progress = min(1.0, max(step / total_steps, elapsed / (3600 * args.hours) if args.hours else 0))
            for group in optimiser.param_groups:
                group["lr"] = args.lr * one_cycle(progress, args.warm_up)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            follow(ema, net, min(args.ema, step / (step + 10)))
            if step % 50 == 0:
                print(f"  epoch {epoch + 1} step {step}/{total_steps} progress {progress:.3f} "
                      f"loss {loss_sum / net_batches:.5f}", flush=True)
            if progress >= 1:
                break
        spent += time.time() - began
        errors = evaluate(ema, val_loader, device)
        print(f"epoch {epoch + 1}: loss {loss_sum / max(1, net_batches):.5f}, val NME {errors.mean():.3f} % mean, "
              f"{np.median(errors):.3f} % median, {spent / 60:.1f} min", flush=True)
        with open(os.path.join(args.out, "curve.csv"), "a", newline="") as curve:
            csv.writer(curve).writerow([args.size, epoch + 1, f"{loss_sum / max(1, net_batches):.6f}",
                                        f"{errors.mean():.4f}", f"{np.median(errors):.4f}"])
        save(last, {"net": net.state_dict(), "ema": ema.state_dict(), "optimiser": optimiser.state_dict(),
                    "epoch": epoch + 1, "step": step, "spent": spent, "size": args.size, "pool": args.pool, "nme": float(errors.mean())})
        if progress >= 1:
            break


@torch.no_grad()
def follow(ema, net, keep):
    """Moves the averaged weights towards the trained ones; batch-norm statistics are averaged too."""
    for average, value in zip(ema.state_dict().values(), net.state_dict().values()):
        if average.is_floating_point():
            average.mul_(keep).add_(value, alpha=1 - keep)
        else:
            average.copy_(value)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder of the lists and of the picture folders or zips")
    parser.add_argument("--train-list", default="list_98pt_rect_attr_train.txt")
    parser.add_argument("--val-list", default="list_98pt_rect_attr_val.txt")
    parser.add_argument("--depth", type=int, default=18, choices=sorted(deeppose.DEPTHS))
    parser.add_argument("--start", help="weights to start from (their depth is used)")
    parser.add_argument("--size", type=int, default=256, help="side of the crop in pixels")
    parser.add_argument("--pool", type=int, default=1, help="average the crop over so many pixels each way first")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--hours", type=float, default=0, help="end, annealed, after so many hours of training")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--warm-up", type=float, default=0.05)
    parser.add_argument("--decay", type=float, default=0.02)
    parser.add_argument("--batch", type=int, default=64, help="pictures an optimiser step")
    parser.add_argument("--micro", type=int, default=16, help="pictures at a time (small is faster on a CPU's caches)")
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=98)
    parser.add_argument("--out", required=True, help="folder for last.pt and curve.csv")
    return parser.parse_args()


if __name__ == "__main__":
    main()
