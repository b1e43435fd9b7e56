#!/usr/bin/env python3
"""Writes a trained network as ONNX (input0 1x3xSxS -> landmarks 1x98x2, presence 1x1) and its model card.

Weights are stored as fp16 and cast to fp32 when the model is loaded: half the file, the same arithmetic.
"""
import argparse
import hashlib
import json
import os
import sys

import numpy as np
import onnx
import onnx.numpy_helper
import torch

import deeppose

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "compile"))
import self_test  # noqa: E402


class Contract(torch.nn.Module):
    """The network as the runtime sees it."""

    def __init__(self, net, presence, pool):
        super().__init__()
        self.pool = torch.nn.AvgPool2d(pool) if pool > 1 else torch.nn.Identity()
        self.net = net
        self.presence = torch.nn.Linear(net.fc.in_features, 1) if presence else None
        if presence:
            self.presence.load_state_dict(presence)

    def forward(self, picture):
        features = self.net.features(self.pool(picture))
        pooled = self.net.pool(features)
        landmarks = self.net.points(features, pooled)
        return (landmarks, self.presence(pooled)) if self.presence else landmarks


def store_as_half(model):
    """Replaces float32 weights by fp16 ones and a Cast each; small vectors stay as they are."""
    casts = []
    for tensor in model.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < 1024:
            continue
        if not np.isfinite(values.astype(np.float16)).all():
            raise SystemExit(f"{tensor.name}: a weight is beyond fp16")
        name = tensor.name
        tensor.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), name + ".half"))
        casts.append(onnx.helper.make_node("Cast", [name + ".half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = casts + list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--presence", help="the presence head; without it the model has one output")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--pool", type=int, default=1, help="as in training")
    parser.add_argument("--name", required=True)
    parser.add_argument("--card", help="JSON with further entries of the card (description, licence, errors, recipe)")
    parser.add_argument("--out", required=True, help="folder; NAME.onnx and NAME.json are written")
    args = parser.parse_args()

    net = deeppose.load_weights(args.weights).eval()
    contract = Contract(net, torch.load(args.presence) if args.presence else None, args.pool).eval()
    path = os.path.join(args.out, args.name + ".onnx")
    torch.onnx.export(contract, torch.zeros(1, 3, args.size, args.size), path + ".part", opset_version=13,
                      input_names=["input0"], output_names=["landmarks", "presence"][:2 if args.presence else 1])
    model = onnx.load(path + ".part")
    store_as_half(model)
    onnx.checker.check_model(model)
    onnx.save(model, path + ".part")
    os.replace(path + ".part", path)
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    card = {"name": args.name, "file": args.name + ".onnx", "sha256": digest, "inputSize": args.size,
            "landmarkSet": "WFLW-98", "landmarks": 98, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
    if args.card:
        with open(args.card) as file:
            card.update(json.load(file))
    card["selfTest"] = self_test.of(contract, card)
    with open(os.path.join(args.out, args.name + ".json"), "w") as file:
        json.dump(card, file, indent=2)
        file.write("\n")
    print(f"{path}: {os.path.getsize(path) / 1e6:.1f} MB, sha256 {digest}")


if __name__ == "__main__":
    main()
