"""Faces with 98 landmarks: the WFLW list format, the face region, and augmentation.

A list line holds 196 coordinates (x y, pixels), the box of the points (x0 y0 x1 y1), six
attributes and the picture's name. A picture `name/file.jpg` is read from the folder `name`
or, where that is missing, from `name.zip`.
"""
import os
import zipfile

import cv2
import numpy as np
import torch

import lids

POINTS = 98
MEAN = np.array([0.485, 0.456, 0.406], np.float32)  # ImageNet, RGB: the contract of the runtime
STD = np.array([0.229, 0.224, 0.225], np.float32)
ENLARGE = 1.25  # side of the region / longer side of the box, as MMPose trains and evaluates
OUTER_EYES = (60, 72)

# Order of the points in the mirrored picture (left and right change places).
MIRROR = np.array(
    [*range(32, -1, -1), 46, 45, 44, 43, 42, 50, 49, 48, 47, 37, 36, 35, 34, 33, 41, 40, 39, 38,
     51, 52, 53, 54, 59, 58, 57, 56, 55, 72, 71, 70, 69, 68, 75, 74, 73, 64, 63, 62, 61, 60, 67, 66, 65,
     82, 81, 80, 79, 78, 77, 76, 87, 86, 85, 84, 83, 92, 91, 90, 89, 88, 95, 94, 93, 97, 96])


def read_list(path):
    """Returns (points n x 98 x 2, boxes n x 4, names) of a WFLW list."""
    points, boxes, names = [], [], []
    with open(path) as lines:
        for number, line in enumerate(lines, 1):
            fields = line.split()
            if not fields:
                continue
            if len(fields) != 2 * POINTS + 4 + 6 + 1:
                raise SystemExit(f"{path}:{number}: {len(fields)} fields, expected 207 (WFLW list)")
            values = np.array(fields[:-1], np.float32)
            points.append(values[:196].reshape(POINTS, 2))
            boxes.append(values[196:200])
            names.append(fields[-1])
    return np.stack(points), np.stack(boxes), names


def nme(predicted, truth):
    """Mean point distance over the distance of the outer eye corners, one value a face, in percent."""
    eyes = np.linalg.norm(truth[:, OUTER_EYES[0]] - truth[:, OUTER_EYES[1]], axis=1)
    return 100 * np.linalg.norm(predicted - truth, axis=2).mean(axis=1) / eyes


def yaw_measure(points):
    """How far heads are turned, from n x 98 x 2: the nose bridge between the contour's ends, 0 frontal, 1 profile."""
    left = np.linalg.norm(points[:, 51] - points[:, 0], axis=1)
    right = np.linalg.norm(points[:, 51] - points[:, 32], axis=1)
    return np.abs(left - right) / (left + right)


class Faces(torch.utils.data.Dataset):
    """Crops and their points as fractions of the crop.

    `lists` are files, each with a weight after a colon if it is not 1, and `:lids` after it where networks made the labels:
    `own.txt:1.5`, `labelled.txt:1:lids`. `weights` of the faces are those, times up to 4 for turned heads and up to 4 for
    closed eyes, which every collection has too few of.

    A crop is cut out at `size` x `size` pixels, the input of the contract, and averaged over `pool` x `pool` of them, as
    the first layer of a network with that pooling does.
    """

    def __init__(self, lists, images, size, augment, pool=1):
        read, weights = [], []
        for entry in [lists] if isinstance(lists, str) else lists:
            name, weight, marks = (*entry.split(":", 2), "", "")[:3]
            if marks not in ("", "lids"):
                raise SystemExit(f"{entry}: '{marks}' is not known, only FILE, FILE:WEIGHT and FILE:WEIGHT:lids")
            points, *others = read_list(os.path.join(images, name))
            read.append((lids.close(points) if marks else points, *others))
            weights.append(np.full(len(points), float(weight or 1)))
        self.points, self.boxes = (np.concatenate([part[i] for part in read]) for i in (0, 1))
        self.names = [name for part in read for name in part[2]]
        turned, closed = np.clip((yaw_measure(self.points) - 0.25) / 0.35, 0, 1), lids.closed_measure(self.points)
        self.weights = np.concatenate(weights) * (1 + 3 * turned) * (1 + 3 * closed)
        self.images, self.size, self.augment, self.pool = images, size, augment, pool
        self.archives = {}

    def __len__(self):
        return len(self.names)

    def picture(self, name):
        path = os.path.join(self.images, name)
        if os.path.exists(path):
            data = np.fromfile(path, np.uint8)
        else:
            folder, _, file = name.partition("/")
            key = (os.getpid(), folder)  # a zip handle must not be shared between worker processes
            if key not in self.archives:
                self.archives[key] = zipfile.ZipFile(os.path.join(self.images, folder + ".zip"))
            data = np.frombuffer(self.archives[key].read(file), np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        if picture is None:
            raise SystemExit(f"{name}: not a picture")
        return picture

    def __getitem__(self, index):
        picture = self.picture(self.names[index])
        x0, y0, x1, y1 = self.boxes[index]
        centre, side = np.array([x0 + x1, y0 + y1]) / 2, ENLARGE * max(x1 - x0, y1 - y0)
        points = self.points[index]
        rng = np.random.default_rng(torch.randint(2**31, ()).item())
        turn = np.eye(2)
        if self.augment:
            centre, side, turn = jitter(rng, centre, side)
        # Crop pixel centres are at k + 0.5 of `size` steps across the region, as in cv2.resize.
        scale = self.size / side
        linear = scale * turn
        if self.augment:
            linear = stretch(rng, linear)
        offset = self.size / 2 - linear @ centre
        matrix = np.column_stack([linear, offset + linear @ [0.5, 0.5] - 0.5])
        border = cv2.BORDER_REPLICATE if self.augment and rng.random() < 0.5 else cv2.BORDER_CONSTANT
        crop = cv2.warpAffine(picture, matrix, (self.size, self.size), flags=cv2.INTER_LINEAR, borderMode=border)
        target = (points @ linear.T + offset) / self.size
        if self.augment and rng.random() < 0.5:
            crop, target = bend(rng, crop, target)
        if self.pool > 1:
            crop = cv2.resize(crop, (self.size // self.pool,) * 2, interpolation=cv2.INTER_AREA)
        crop = crop[:, :, ::-1]
        if self.augment:
            if rng.random() < 0.5:
                crop, target = crop[:, ::-1], target[MIRROR] * [-1, 1] + [1, 0]
            crop = np.ascontiguousarray(crop)
            if rng.random() < 0.3:
                crop = cover(rng, crop, self.picture(self.names[rng.integers(len(self.names))])[:, :, ::-1])
            crop = degrade(rng, crop)
        crop = (crop.astype(np.float32) / 255 - MEAN) / STD
        return torch.from_numpy(crop).permute(2, 0, 1), torch.from_numpy(target.astype(np.float32))


def rotation(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def jitter(rng, centre, side):
    """A region somewhat off the true one, turned: mostly by what a tracker gives, sometimes by what a detector may."""
    rough = rng.random() < 0.3
    angle = np.deg2rad(np.clip(rng.normal(0, 20 if rough else 10), -50, 50))
    turn = rotation(angle)
    shift, grow = (0.08, 0.25) if rough else (0.035, 0.1)
    return centre + rng.uniform(-shift, shift, 2) * side, side * np.exp(rng.uniform(-grow, grow)), turn


def stretch(rng, linear):
    """Half of the time other proportions: longer or wider along any direction, of the same area."""
    if rng.random() < 0.5:
        return linear
    angle, wide = rng.uniform(0, np.pi), np.exp(rng.normal(0, 0.09))
    turn = rotation(angle)
    return turn @ np.diag([wide, 1 / wide]) @ turn.T @ linear


def bend(rng, crop, target):
    """Another face: its parts moved against each other by a smooth field, the points (fractions) with them."""
    size = crop.shape[0]
    field = rng.normal(0, 0.012 * size, (5, 5, 2)).astype(np.float32)
    field = cv2.resize(field, (size, size), interpolation=cv2.INTER_CUBIC)
    x, y = np.meshgrid(np.arange(size, dtype=np.float32), np.arange(size, dtype=np.float32))
    bent = sample(crop, x + field[:, :, 0], y + field[:, :, 1])
    before = after = target * size - 0.5
    for _ in range(4):  # pixel q of the new crop shows q + field(q) of the old one
        after = before - sample(field, *after.astype(np.float32).T[:, None])[0]
    return bent, (after + 0.5) / size


def sample(picture, x, y):
    return cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def cover(rng, crop, other):
    """Something real in front of the face: an ellipse of another picture."""
    size = crop.shape[0]
    side = int(rng.uniform(0.2, 0.6) * min(other.shape[:2]))
    x, y = rng.integers(0, other.shape[1] - side + 1), rng.integers(0, other.shape[0] - side + 1)
    patch = cv2.resize(other[y:y + side, x:x + side], (size, size), interpolation=cv2.INTER_AREA)
    mask = np.zeros((size, size), np.float32)
    axes = int(size * rng.uniform(0.06, 0.3)), int(size * rng.uniform(0.06, 0.2))
    cv2.ellipse(mask, tuple(int(v) for v in rng.uniform(0, size, 2)), axes, rng.uniform(0, 180), 0, 360, 1.0, -1)
    if rng.random() < 0.5:
        mask = cv2.GaussianBlur(mask, (0, 0), size / 128)
    return (crop * (1 - mask[:, :, None]) + patch * mask[:, :, None]).astype(np.uint8)


def degrade(rng, crop):
    """What cameras do: tint, exposure, grey, gamma, blur, low resolution, noise, things in front."""
    size = crop.shape[0]
    if rng.random() < 0.3:
        low = int(size * rng.uniform(0.2, 0.7))
        crop = cv2.resize(cv2.resize(crop, (low, low), interpolation=cv2.INTER_AREA), (size, size))
    if rng.random() < 0.15:
        crop = cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.5, 2.0) * size / 128)
    if rng.random() < 0.15:
        crop = np.repeat(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)[:, :, None], 3, 2)
    if rng.random() < 0.7:
        gain = rng.uniform(0.65, 1.35) * rng.uniform(0.85, 1.15, 3)
        levels = np.arange(256)[:, None] * gain + rng.uniform(-30, 30)
        levels = 255 * (np.clip(levels, 0, 255) / 255) ** np.exp(rng.normal(0, 0.25))
        crop = cv2.LUT(crop, levels.astype(np.uint8)[None])
    if rng.random() < 0.25:
        noise = rng.integers(0, 256, crop.shape, np.uint8).astype(np.float32) - 127.5
        crop = np.clip(crop + noise * rng.uniform(0.02, 0.15), 0, 255).astype(np.uint8)
    if rng.random() < 0.35:
        w, h = (size * rng.uniform(0.1, 0.45, 2)).astype(int)
        x, y = rng.integers(0, size - w), rng.integers(0, size - h)
        crop[y:y + h, x:x + w] = rng.integers(0, 256, 3) if rng.random() < 0.5 else rng.integers(0, 256, (h, w, 3))
    return crop
