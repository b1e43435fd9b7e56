"""Writes DeepPose checkpoints with random weights the ways MMPose and PyTorch do, with an input and PyTorch's answer each.

checkpoints.py FOLDER: for each NAME a checkpoint NAME.pth and NAME.out.f32; input.f32 is common to all; raw little-endian float32.
"""
import collections
import os
import sys

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

    # What is no DeepPose.
    torch.save({"state_dict": torchvision.models.mobilenet_v2(weights=None).state_dict()}, os.path.join(folder, "mobilenet.pth"))
    torch.save(DeepPose(18, 98, "head"), os.path.join(folder, "whole-module.pth"))


if __name__ == "__main__":
    main(sys.argv[1])
