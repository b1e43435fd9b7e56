#!/usr/bin/env python3
"""Trains the presence head: one linear layer on the pooled features of a trained network, giving a logit for
"these points lie on a face".

Its examples are faces (with the trainer's augmentation), of which those count as present whose predicted points are
right, and crops in which no face can be located: parts of faces, faces turned away by more than 75 degrees in the
picture's plane, any pictures without faces (--negatives, a folder searched recursively), noise and plain colours.

The network is not changed: the landmarks stay what they were.
"""
import argparse
import os

import cv2
import numpy as np
import torch

import deeppose
from faces import ENLARGE, MEAN, STD, Faces, degrade, nme, rotation


class NonFaces(torch.utils.data.Dataset):
    """Crops without a locatable face; every fifth picture of the folder is kept for validation."""

    def __init__(self, folder, faces, count, held_out, seed):
        found = sorted(os.path.join(base, name) for base, _, names in os.walk(folder) for name in names
                       if name.lower().endswith((".jpg", ".jpeg", ".png", ".webp"))
                       and os.path.getsize(os.path.join(base, name)) > 20_000)
        self.files = [file for index, file in enumerate(found) if (index % 5 == 0) == held_out]
        self.faces, self.size, self.count, self.seed = faces, faces.size // faces.pool, count, seed
        self.pictures = {}

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        rng = np.random.default_rng([self.seed, index])
        kind = rng.random()
        if kind < 0.6 and self.files:
            crop = self.crop_of_picture(rng)
        elif kind < 0.85:
            crop = self.crop_of_face(rng)
        else:
            crop = made_up(rng, self.size)
        if rng.random() < 0.7:
            crop = degrade(rng, np.ascontiguousarray(crop))
        crop = (crop.astype(np.float32) / 255 - MEAN) / STD
        return torch.from_numpy(crop).permute(2, 0, 1), torch.zeros(98, 2)

    def crop_of_picture(self, rng):
        file = self.files[rng.integers(len(self.files))]
        if file not in self.pictures:
            picture = cv2.imread(file, cv2.IMREAD_COLOR)
            if picture is None:
                picture = np.zeros((64, 64, 3), np.uint8)
            shrink = 1000 / max(picture.shape[:2])
            if shrink < 1:
                picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
            self.pictures[file] = picture[:, :, ::-1]
        picture = self.pictures[file]
        side = int(min(picture.shape[:2]) * rng.uniform(0.15, 1.0))
        y, x = rng.integers(0, picture.shape[0] - side + 1), rng.integers(0, picture.shape[1] - side + 1)
        return cv2.resize(picture[y:y + side, x:x + side], (self.size, self.size))

    def crop_of_face(self, rng):
        """A part of a face, the neighbourhood of one, or a face turned too far."""
        index = rng.integers(len(self.faces))
        picture = self.faces.picture(self.faces.names[index])[:, :, ::-1]
        x0, y0, x1, y1 = self.faces.boxes[index]
        centre, side = np.array([x0 + x1, y0 + y1]) / 2, ENLARGE * max(x1 - x0, y1 - y0)
        angle = 0.0
        kind = rng.random()
        if kind < 0.4:
            centre, side = centre + rng.uniform(-0.35, 0.35, 2) * side, side * rng.uniform(0.12, 0.35)
        elif kind < 0.7:
            direction = rng.uniform(0, 2 * np.pi)
            centre = centre + rng.uniform(0.6, 0.9) * side * np.array([np.cos(direction), np.sin(direction)])
            side = side * rng.uniform(0.5, 1.0)
        else:
            angle = np.deg2rad(rng.uniform(75, 285))
        turn = rotation(angle) * self.size / side
        matrix = np.column_stack([turn, self.size / 2 - turn @ centre])
        return cv2.warpAffine(picture, matrix, (self.size, self.size), flags=cv2.INTER_LINEAR,
                              borderMode=cv2.BORDER_REPLICATE)


def made_up(rng, size):
    """Noise at all scales, gradients, plain colours."""
    steps = int(2 ** rng.uniform(0, 8))
    grid = rng.uniform(0, 255, (max(1, steps), max(1, steps), 3)) * rng.uniform(0, 1) + rng.uniform(0, 128, 3)
    return np.clip(cv2.resize(grid, (size, size), interpolation=cv2.INTER_LINEAR), 0, 255).astype(np.uint8)


@torch.no_grad()
def features(net, dataset, args, faces):
    """(pooled features, label) of a data set; for faces the label says whether the points are right."""
    loader = torch.utils.data.DataLoader(dataset, 16, num_workers=1)
    rows, labels = [], []
    for crops, truth in loader:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.fast):
            last_map = net.features(crops.to(memory_format=torch.channels_last)).float()
        pooled = net.pool(last_map)
        rows.append(pooled)
        if faces:
            error = nme(net.points(last_map, pooled).numpy(), truth.numpy())
            labels.append(torch.from_numpy((error < 10).astype(np.float32)))
        else:
            labels.append(torch.zeros(len(crops)))
    return torch.cat(rows), torch.cat(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--train-list", nargs="+", default=["list_98pt_rect_attr_train.txt"])
    parser.add_argument("--val-list", nargs="+", default=["list_98pt_rect_attr_val.txt"])
    parser.add_argument("--negatives", required=True)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--pool", type=int, default=1, help="as in training")
    parser.add_argument("--count", type=int, default=6000, help="examples of each kind")
    parser.add_argument("--held-out", type=int, default=2000, help="crops without faces that the figures are measured on")
    parser.add_argument("--fast", action="store_true", help="bf16 for the features")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(98)

    net = deeppose.load_weights(args.weights).eval()
    train = Faces(args.train_list, args.data, args.size, True, args.pool)
    chosen = torch.utils.data.Subset(train, torch.randperm(len(train))[:args.count].tolist())
    val = Faces(args.val_list, args.data, args.size, False, args.pool)
    x_face, y_face = features(net, chosen, args, True)
    x_none, y_none = features(net, NonFaces(args.negatives, train, args.count, False, 1), args, False)
    v_face, t_face = features(net, val, args, True)
    v_none, t_none = features(net, NonFaces(args.negatives, val, args.held_out, True, 2), args, False)

    x, y = torch.cat([x_face, x_none]), torch.cat([y_face, y_none])
    mean, std = x.mean(0), x.std(0) + 1e-6
    head = torch.nn.Linear(x.shape[1], 1)
    optimiser = torch.optim.LBFGS(head.parameters(), max_iter=300, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(head((x - mean) / std)[:, 0], y)
        loss = loss + 3e-4 * head.weight.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    with torch.no_grad():  # fold the standardisation into the layer
        weight = head.weight / std
        bias = head.bias - (weight * mean).sum(1)
        score = lambda rows: torch.sigmoid(rows @ weight.T + bias)[:, 0]
        right = score(v_face)[t_face > 0]
        print(f"training: {len(x_face)} faces ({int(y_face.sum())} with right points), {len(x_none)} non-faces")
        for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
            print(f"threshold {threshold}: faces refused {100 * (score(v_face) < threshold).float().mean():.2f} %, "
                  f"of those with right points {100 * (right < threshold).float().mean():.2f} %, "
                  f"non-faces accepted {100 * (score(v_none) >= threshold).float().mean():.2f} %")
        torch.save({"weight": weight, "bias": bias}, args.out)


if __name__ == "__main__":
    main()
