#!/usr/bin/env python3
"""Trains DeepPose on WFLW-style lists. Resumable: run the same command again after an interruption.

On a CPU, give one process a core (--processes): two of one thread each, their gradients averaged, need a third of the
processor time of one with two threads. models/training/README.md has the commands of the shipped models.
"""
import argparse
import copy
import csv
import os
import time

import numpy as np
import torch
import torch.distributed as group

import deeppose
import exported
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
        errors.append(nme(net(crops).cpu().numpy(), truth.numpy()))
    return np.concatenate(errors)


def save(path, content):
    torch.save(content, path + ".part")
    os.replace(path + ".part", path)  # an interruption never leaves half a file


def average(tensors, processes):
    """Makes the tensors of all processes their mean, in one exchange."""
    if processes == 1 or not tensors:
        return
    flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
    group.all_reduce(flat)
    flat /= processes
    for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors])):
        tensor.copy_(part.view_as(tensor))


def freeze(net, names):
    """Keeps the named layers as they are, their batch statistics included."""
    for name in names:
        layer = getattr(net, name)
        layer.eval()
        layer.requires_grad_(False)


def begin(args):
    """The network before its first step."""
    if not args.start:
        return deeppose.build(args.depth or 18, args.places)
    if not args.start.endswith(".onnx"):
        return deeppose.load_weights(args.start, args.places, args.depth)
    return deeppose.of_state(exported.state(args.start), args.start, args.places, args.depth)


def keep_norms(net):
    """Has the batch norms go by the statistics they have, which stay; their weights are trained."""
    for layer in net.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.eval()


def train(rank, args, processes, parent=None):
    os.makedirs(args.out, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_num_threads(max(1, args.threads // processes))
    torch.manual_seed(args.seed + rank)
    if processes > 1:
        group.init_process_group("gloo", init_method=f"file://{os.path.abspath(args.out)}/meeting.{parent}",
                                 rank=rank, world_size=processes)

    faces = Faces(args.train_list, args.data, args.size, True, args.pool)
    loaders = dict(num_workers=args.workers, pin_memory=device.type == "cuda")
    judged = {name: torch.utils.data.DataLoader(Faces(name, args.data, args.size, False, args.pool), args.micro, **loaders)
              for name in args.val_list} if rank == 0 else {}

    net = begin(args).to(device)
    ema = copy.deepcopy(net)
    trained = [value for name, value in net.named_parameters() if name.split(".")[0] not in args.freeze]
    optimiser = torch.optim.AdamW(trained, args.lr, weight_decay=args.decay)
    epoch, step, spent = 0, 0, 0.0
    last = os.path.join(args.out, "last.pt")
    if os.path.exists(last):
        state = torch.load(last, map_location="cpu")
        net.load_state_dict(state["net"])
        ema.load_state_dict(state["ema"])
        optimiser.load_state_dict(state["optimiser"])
        epoch, step, spent = state["epoch"], state["step"], state["spent"]
        print(f"resumed after epoch {epoch}", flush=True)
    else:
        for name, loader in judged.items():
            print(f"start: {name} {evaluate(net, loader, device).mean():.3f} %", flush=True)
    if processes > 1:  # all begin alike, also where a layer began at random
        with torch.no_grad():
            for value in [*net.state_dict().values(), *ema.state_dict().values()]:
                group.broadcast(value, 0)

    # Processors without AVX-512 have no such numbers: PyTorch 1.13 takes twenty times as long with them as with float32.
    halves = device.type != "cpu" or "AVX512" in torch.__config__.show()
    norms_kept = args.start is not None and not deeppose.has_statistics(net)
    mine = args.batch // processes
    micro = min(args.micro, mine)
    accumulate = mine // micro
    total_steps = args.pictures // args.batch

    def done(steps, seconds):
        """Whichever ends first, the pictures or the hours, finds the learning rate annealed."""
        return min(1.0, max(steps / total_steps, seconds / (3600 * args.hours) if args.hours else 0))

    progress = done(step, spent)
    while progress < 1:
        began, loss_sum, batches = time.time(), 0.0, 0
        net.train()
        freeze(net, args.freeze)
        if norms_kept:
            keep_norms(net)
        torch.manual_seed(hash((args.seed, rank, epoch)) % 2**31)  # a resumed run goes on with other pictures
        chosen = torch.utils.data.WeightedRandomSampler(faces.weights, args.epoch // processes)
        for index, (crops, truth) in enumerate(torch.utils.data.DataLoader(faces, micro, sampler=chosen, drop_last=True, **loaders)):
            crops = crops.to(device, memory_format=torch.channels_last, non_blocking=True)
            truth = truth.to(device, non_blocking=True)
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=halves):
                predicted = net(crops)
            loss = wing(predicted.float(), truth)
            (loss / accumulate).backward()
            loss_sum, batches = loss_sum + loss.item(), batches + 1
            if (index + 1) % accumulate:
                continue
            if processes > 1 and os.getppid() != parent:  # or two trainings would soon write to one folder
                raise SystemExit("The program that started this process is gone, so it ends, too.")
            with torch.no_grad():
                average([value.grad for value in trained], processes)
            progress = done(step + 1, spent + time.time() - began)
            if processes > 1:  # one clock for all
                told = torch.tensor(progress)
                group.broadcast(told, 0)
                progress = told.item()
            for settings in optimiser.param_groups:
                settings["lr"] = args.lr * one_cycle(progress, args.warm_up)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            follow(ema, net, min(args.ema, step / (step + 10)))
            if progress >= 1:
                break
        epoch, spent = epoch + 1, spent + time.time() - began
        with torch.no_grad():
            statistics = [value for network in (net, ema) for name, value in network.named_buffers() if value.is_floating_point()]
            average(statistics, processes)
        if rank == 0:
            rate = batches * micro * processes / (time.time() - began)
            errors = {name: evaluate(ema, loader, device).mean() for name, loader in judged.items()}
            print(f"epoch {epoch} step {step} progress {progress:.3f}: loss {loss_sum / batches:.5f}, {rate:.0f} pictures/s, "
                  + ", ".join(f"{name} {error:.3f} %" for name, error in errors.items()), flush=True)
            curve = os.path.join(args.out, "curve.csv")
            begun = os.path.exists(curve)
            with open(curve, "a", newline="") as file:
                writer = csv.writer(file)
                if not begun:
                    writer.writerow(["minutes", "pictures", "progress", "loss", *errors])
                writer.writerow([f"{spent / 60:.1f}", step * args.batch, f"{progress:.3f}", f"{loss_sum / batches:.5f}",
                                 *(f"{error:.3f}" for error in errors.values())])
            save(last, {"net": net.state_dict(), "ema": ema.state_dict(), "optimiser": optimiser.state_dict(),
                        "epoch": epoch, "step": step, "spent": spent, "size": args.size, "pool": args.pool})
        if processes > 1:
            group.barrier()


@torch.no_grad()
def follow(ema, net, keep):
    """Moves the averaged weights towards the trained ones; batch-norm statistics are averaged too."""
    for mean, value in zip(ema.state_dict().values(), net.state_dict().values()):
        if mean.is_floating_point():
            mean.mul_(keep).add_(value, alpha=1 - keep)
        else:
            mean.copy_(value)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder of the lists and of the picture folders or zips")
    parser.add_argument("--train-list", nargs="+", default=["list_98pt_rect_attr_train.txt"],
                        help="FILE, FILE:WEIGHT or FILE:WEIGHT:lids (faces.py)")
    parser.add_argument("--val-list", nargs="+", default=["list_98pt_rect_attr_val.txt"])
    parser.add_argument("--depth", type=int, choices=sorted(deeppose.PLANS), help="that of --start, or 18")
    parser.add_argument("--places", type=int, default=0, help="add the layer that sees this many places (16 for crops of 128 px)")
    parser.add_argument("--start", help="weights of PyTorch, or a model that export.py wrote (NAME.onnx), to start from; with a smaller "
                                        "--depth, without the blocks that it does not have")
    parser.add_argument("--freeze", nargs="*", default=[], help="layers that stay as they are, for instance conv1 bn1 layer1")
    parser.add_argument("--size", type=int, default=256, help="side of the crop in pixels")
    parser.add_argument("--pool", type=int, default=1, help="first average the crop over this many pixels each way")
    parser.add_argument("--pictures", type=int, required=True, help="how many crops to train on")
    parser.add_argument("--hours", type=float, default=0, help="end, annealed, after this many hours of training")
    parser.add_argument("--epoch", type=int, default=4096, help="crops between two looks at the error")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--warm-up", type=float, default=0.05)
    parser.add_argument("--decay", type=float, default=0.02)
    parser.add_argument("--batch", type=int, default=64, help="pictures an optimiser step")
    parser.add_argument("--micro", type=int, default=32, help="pictures at a time (small is faster on a CPU's caches)")
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare pictures, for each that trains")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=98)
    parser.add_argument("--out", required=True, help="folder for last.pt and curve.csv")
    return parser.parse_args()


def main():
    args = parse()
    if args.processes == 1:
        train(0, args, 1)
    else:
        torch.multiprocessing.spawn(train, (args, args.processes, os.getpid()), args.processes)


if __name__ == "__main__":
    main()
