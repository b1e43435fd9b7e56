"""Writes DeepPose checkpoints with random weights the ways MMPose and PyTorch do, with an input and PyTorch's answer each.

checkpoints.py FOLDER: for each NAME a checkpoint NAME.pth and NAME.out.f32; input.f32 is common to all; raw little-endian float32.
"""
import argparse
import collections
import datetime
import decimal
import enum
import fractions
import functools
import io
import json
import os
import pathlib
import random
import struct
import sys
import types
import uuid

import numpy as np
import torch
import torchvision

SIZE = 64


class DeepPose(torch.nn.Module):
    """As MMPose 0.28: the keys backbone.* and keypoint_head.fc.*, in 1.x head.fc.*."""

    def __init__(self, depth, landmarks, head):
        super().__init__()
        self.backbone = getattr(torchvision.models, f"resnet{depth}")(weights=None)
        features = self.backbone.fc.in_features
        self.backbone.fc = torch.nn.Identity()
        setattr(self, head, torch.nn.Module())
        self.head_name = head
        getattr(self, head).fc = torch.nn.Linear(features, 2 * landmarks)
        for module in self.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 2)
                torch.nn.init.uniform_(module.weight, 0.3, 0.7)
                torch.nn.init.normal_(module.bias, 0, 0.1)
        self.eval()

    def forward(self, picture):
        fractions = getattr(self, self.head_name).fc(self.backbone(picture))
        return fractions.view(-1, fractions.shape[1] // 2, 2)


class ConfigDict(dict):
    """As the configurations of MMEngine: a class of its own, made from dict."""


class Phase(enum.Enum):
    TRAIN = 1


class HistoryBuffer:
    """As that of MMEngine, whose checkpoints keep functions inside classes."""

    def __init__(self):
        self._log_history = np.array([1.0, 0.5])
        self._statistics_methods = collections.OrderedDict(min=HistoryBuffer.smallest)

    def smallest(self):
        return self._log_history.min()


def everything_plain():
    """What people's checkpoints keep beside the weights: all of it data, none of it needed."""
    point = collections.namedtuple("point", "x y")
    globals()["point"] = point
    point.__module__ = __name__
    return {
        "empty_array": np.array([], np.uint8), "array": np.eye(3), "strings": np.array(["a", "b"]), "objects": np.array([{"a": 1}, None], dtype=object),
        "structured": np.zeros(2, dtype=[("x", "f4"), ("y", "i8")]), "scalar": np.float64(4.88), "datetime64": np.datetime64("2021-03-03"), "dtype": np.dtype("<f8"),
        "numpy_random": np.random.RandomState(1).get_state(), "random": random.getstate(), "generator": np.random.default_rng(1), "type": np.float32,
        "bytes": b"\x00\xff", "no_bytes": b"", "bytearray": bytearray(b"abc"), "long_bytes": bytes(70000), "complex": 1 + 2j, "set": {1, 2}, "frozenset": frozenset("ab"), "range": range(3),
        "slice": slice(1, 2), "ellipsis": ..., "none_type": type(None), "big": 1 << 100, "bigger": -(1 << 3000), "float": float("inf"), "iterator": iter([1]), "text": "Übung \U0001f600",
        "date": datetime.date(2021, 3, 3), "time": datetime.datetime.now(datetime.timezone.utc), "delta": datetime.timedelta(1), "path": pathlib.PurePosixPath("/a"),
        "decimal": decimal.Decimal("1.5"), "fraction": fractions.Fraction(1, 3), "uuid": uuid.UUID(int=7), "defaultdict": collections.defaultdict(list, a=[1]),
        "counter": collections.Counter("aab"), "deque": collections.deque([1]), "ordered": collections.OrderedDict([("b", 1)]), "named": point(1, 2), "enum": Phase.TRAIN,
        "namespace": argparse.Namespace(lr=0.1), "simple": types.SimpleNamespace(a=1), "config": ConfigDict(model=ConfigDict(type="TopDown")), "history": HistoryBuffer(),
        "partial": functools.partial(max, 1), "function": len, "class": ConfigDict, "own_function": everything_plain, "error": ValueError("x"), "file": io.BytesIO(b"extra state"),
        "keys": {None: 1, b"k": 2, (1, "a"): 3, 1.5: 4, True: 5, Phase.TRAIN: 6, frozenset([1]): 7, ConfigDict: 8, 1 << 70: 9, datetime.date(2021, 3, 3): 10},
        "device": torch.device("cpu"), "torch_dtype": torch.float16, "size": torch.Size([1, 2]), "complex_tensor": torch.ones(2, dtype=torch.complex64), "sparse": torch.eye(2).to_sparse(),
        "quantized": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8), "parameter": torch.nn.Parameter(torch.ones(1)), "rng": torch.get_rng_state(), "tensor": torch.arange(3),
        "loop": None,
    }


def write_safetensors(path, state, metadata=None):
    """The format by hand: it is eight bytes of length, a JSON header, and the numbers."""
    names = {torch.float32: "F32", torch.float16: "F16", torch.int64: "I64"}
    header, data = ({"__metadata__": metadata} if metadata else {}), b""
    for key, value in state.items():
        numbers = value.contiguous().numpy().tobytes()
        header[key] = {"dtype": names[value.dtype], "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(numbers)]}
        data += numbers
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def stored_as(state, dtype):
    rounded = collections.OrderedDict((key, value.to(dtype) if value.is_floating_point() else value) for key, value in state.items())
    rounded._metadata = getattr(state, "_metadata", None)
    return rounded


def main(folder):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    picture = torch.randn(1, 3, SIZE, SIZE)
    picture.numpy().tofile(os.path.join(folder, "input.f32"))

    def write(name, net, content, **how):
        with torch.no_grad():
            net(picture).numpy().astype("<f4").tofile(os.path.join(folder, name + ".out.f32"))
        path = os.path.join(folder, name + ".pth")
        if content is None:
            torch.jit.trace(net, picture).save(path)
        else:
            torch.save(content, path, **how)

    net = DeepPose(18, 98, "keypoint_head")
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    meta = {"mmpose_version": "0.28.1", "epoch": 210, "config": "model = dict(type='TopDown')", "mean": np.array([0.5, 0.25]), "best": np.float64(4.88)}
    write("resnet18-mmpose", net, {"meta": meta, "state_dict": net.state_dict(), "optimizer": optimizer.state_dict()})
    write("resnet18-traced", net, None)
    write("resnet18-old", net, {"state_dict": net.state_dict()}, _use_new_zipfile_serialization=False)

    net = DeepPose(18, 68, "head").to(memory_format=torch.channels_last)
    write("resnet18-channels-last-68", net, {"state_dict": net.state_dict()})

    net = DeepPose(34, 98, "head")
    state = stored_as(net.state_dict(), torch.float16)
    net.load_state_dict(stored_as(state, torch.float32))
    write("resnet34-float16", net, {"meta": {}, "state_dict": state})

    # DistributedDataParallel puts "module." before all keys. SyncBN has the keys of BN, and runs on a GPU only.
    net = DeepPose(50, 98, "keypoint_head")
    state = stored_as(net.state_dict(), torch.bfloat16)
    net.load_state_dict(stored_as(state, torch.float32))
    write("resnet50-bfloat16", net, collections.OrderedDict(("module." + key, value) for key, value in state.items()))

    net = DeepPose(101, 106, "head")
    write("resnet101", net, {"state_dict": net.state_dict()})

    # What checkpoints keep beside the weights, in all protocols of pickle that torch.save takes.
    net = DeepPose(18, 98, "head")
    for protocol in (2, 3, 4, 5):
        meta = everything_plain()
        meta["loop"] = meta
        write(f"resnet18-everything-{protocol}", net, {"meta": meta, "state_dict": net.state_dict(), "message_hub": {"loss": HistoryBuffer()}}, pickle_protocol=protocol)
    meta = everything_plain()
    del meta["file"]  # refused by the old format
    write("resnet18-everything-old", net, {"meta": meta, "state_dict": net.state_dict()}, _use_new_zipfile_serialization=False)
    write("resnet18-state-of-a-class", net, {"state_dict": ConfigDict(net.state_dict())})
    write("resnet18-parameters", net, {"state_dict": dict(net.named_parameters()) | dict(net.named_buffers())})
    write_safetensors(os.path.join(folder, "resnet18-safetensors.pth"), net.state_dict(), {"format": "pt"})
    os.link(os.path.join(folder, "resnet18-everything-2.out.f32"), os.path.join(folder, "resnet18-safetensors.out.f32"))

    # What is no DeepPose.
    torch.save({"state_dict": torchvision.models.mobilenet_v2(weights=None).state_dict()}, os.path.join(folder, "mobilenet.pth"))
    torch.save(DeepPose(18, 98, "head"), os.path.join(folder, "whole-module.pth"))


if __name__ == "__main__":
    main(sys.argv[1])
