#!/usr/bin/env python3
"""Writes the self-test of a model into its card: the points that the model gives for a picture drawn by code.

PyTorch computes the answer, not the engine that the self-test is for. models/training/export.py does the same on its own.

  self_test.py deeppose.pt face_deeppose_cpu/card.json
"""
import argparse
import json
import os
import sys

PICTURE = "drawn-face-1"
TOLERANCE = 0.005  # a bit over a pixel of 256: FP16 and other compilers stay far below, exchanged weights far above
# As SelfTestPicture.cs draws them: centre and radii in 1024ths of the side, then R, G, B.
ELLIPSES = [
    (512, 300, 470, 420, 60, 42, 34),
    (512, 330, 405, 570, 222, 172, 142),
    (302, 146, 128, 20, 74, 52, 42),
    (722, 146, 128, 20, 74, 52, 42),
    (328, 254, 80, 30, 240, 238, 234),
    (696, 254, 80, 30, 240, 238, 234),
    (326, 252, 28, 28, 52, 74, 92),
    (698, 252, 28, 28, 52, 74, 92),
    (512, 390, 44, 130, 232, 186, 158),
    (456, 508, 26, 14, 128, 80, 66),
    (568, 508, 26, 14, 128, 80, 66),
    (512, 664, 156, 58, 178, 84, 82),
    (512, 660, 118, 12, 92, 36, 38),
]


def draw(side):
    """The picture: side x side x 3, RGB, 8 bits."""
    import numpy as np
    at = (2 * np.arange(side, dtype=np.int64) + 1) * 512 // side
    x, y = at[None, :], at[:, None]
    picture = np.stack(np.broadcast_arrays(70 + x // 16, 90 + y // 16, 120 + 0 * (x + y)), axis=-1).copy()
    for centre_x, centre_y, across, down, *colour in ELLIPSES:
        inside = ((x - centre_x) * down) ** 2 + ((y - centre_y) * across) ** 2 <= (across * down) ** 2
        picture[inside] = (np.array(colour) - ((x + y) // 64)[..., None])[inside]
    return picture.astype(np.uint8)


def to_input(picture, mean, std):
    """1 x 3 x side x side, float32, standardised."""
    import numpy as np
    values = (picture.astype(np.float32) / 255 - np.array(mean, np.float32)) / np.array(std, np.float32)
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])


def of(network, card):
    """The entry selfTest of a card, computed by a network of PyTorch (whose first output is the points)."""
    import numpy as np
    import torch
    values = to_input(draw(card.get("inputSize", 256)), card.get("mean", [0.485, 0.456, 0.406]), card.get("std", [0.229, 0.224, 0.225]))
    with torch.no_grad():
        answer = network(torch.from_numpy(values))
    points = (answer[0] if isinstance(answer, (tuple, list)) else answer).numpy().ravel()
    expected = 2 * card.get("landmarks", 98)
    if points.size != expected or not np.isfinite(points).all():
        sys.exit(f"The model gave {points.size} values, {np.isfinite(points).sum()} of them numbers, but its card says {expected}: this is not the card's model.")
    return {"picture": PICTURE, "tolerance": TOLERANCE, "points": [round(float(value), 6) for value in points]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="TorchScript (.pt)")
    parser.add_argument("card", help="its card (JSON), which gets the self-test")
    args = parser.parse_args()
    for path in (args.model, args.card):
        if not os.path.isfile(path):
            sys.exit(f"{path} is missing.")
    try:
        import torch
    except ImportError:
        sys.exit(f"PyTorch is needed, and {sys.executable} lacks it: pip install torch.")
    try:
        network = torch.jit.load(args.model, map_location="cpu").eval()
    except RuntimeError as reason:
        sys.exit(f"{args.model} is not a TorchScript model: {str(reason).splitlines()[0]}")
    with open(args.card, encoding="utf-8") as file:
        card = json.load(file)
    card["selfTest"] = of(network, card)
    with open(args.card + ".part", "w", encoding="utf-8") as file:
        json.dump(card, file, indent=2)
        file.write("\n")
    os.replace(args.card + ".part", args.card)
    print(f"{args.card}: self-test of {args.model}, tolerance {TOLERANCE}")


if __name__ == "__main__":
    main()
