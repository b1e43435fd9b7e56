#!/usr/bin/env python3
"""Step 1: the checkpoint of MMPose's DeepPose on WFLW -> deeppose.pt (TorchScript, 1x3x256x256 -> 1x98x2).

MMPose itself is not needed: its ResNet is torchvision's, under other names. A checkpoint that does not fit exactly is refused.

  trace.py deeppose_res50_wflw_256x256-92d0ba7f_20210303.pth --out deeppose.pt
"""
import argparse
import hashlib
import os
import re
import sys

from model_object import SIZE, lacks_file, lacks_module, need

POINTS = 98


def check_hash(path):
    """Checkpoints of MMPose carry the beginning of their SHA-256 in their name."""
    named = re.search(r"-([0-9a-f]{8})(_\d{8})?\.pth$", os.path.basename(path))
    if not named:
        return
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    if not digest.hexdigest().startswith(named[1]):
        sys.exit(f"{path} is damaged: its SHA-256 begins with {digest.hexdigest()[:8]}, its name says {named[1]}. Download it again.")


def load(path):
    """The state dict, without running code that a checkpoint could hold."""
    import pickle
    import torch
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as reason:
        sys.exit(f"{path} cannot be read as a checkpoint of PyTorch: {str(reason).splitlines()[0]}")
    return state.get("state_dict", state)


def rename(key):
    """MMPose's name of a weight (0.x: keypoint_head, 1.x: head) -> torchvision's."""
    return re.sub(r"^(keypoint_head|head)\.fc\.", "fc.", re.sub(r"^backbone\.", "", key))


def build(state):
    """The network with the checkpoint's weights."""
    import torch
    import torchvision

    class DeepPose(torch.nn.Module):
        def __init__(self, resnet):
            super().__init__()
            self.resnet = resnet

        def forward(self, picture):
            return self.resnet(picture).view(-1, POINTS, 2)

    state = {rename(key): value for key, value in state.items()}
    deep = "layer1.0.conv3.weight" in state
    blocks = len({key.split(".")[1] for key in state if key.startswith("layer3.")})
    make = {(True, 6): "resnet50", (True, 23): "resnet101", (True, 36): "resnet152", (False, 2): "resnet18", (False, 6): "resnet34"}.get((deep, blocks))
    if make is None:
        sys.exit("The checkpoint holds no ResNet of 18, 34, 50, 101 or 152 layers under the names of MMPose (backbone.layer1.0.conv1.weight ...).")
    network = getattr(torchvision.models, make)()
    network.fc = torch.nn.Linear(network.fc.in_features, 2 * POINTS)
    try:
        network.load_state_dict(state)
    except RuntimeError as reason:
        sys.exit(f"The checkpoint is not a DeepPose with {make} and {POINTS} points: " + " ".join(str(reason).split())[:600])
    return DeepPose(network).eval(), make


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", help="the .pth file of MMPose")
    parser.add_argument("--out", default="deeppose.pt")
    args = parser.parse_args()
    need(list(filter(None, [
        lacks_file(args.checkpoint, "download it from MMPose's model zoo (face, DeepPose, WFLW)."),
        lacks_module("torch", "pip install torch torchvision."),
        lacks_module("torchvision", "pip install torchvision."),
    ])))
    check_hash(args.checkpoint)
    network, make = build(load(args.checkpoint))

    import torch
    picture = torch.rand(1, 3, SIZE, SIZE)
    with torch.no_grad():
        torch.jit.trace(network, picture).save(args.out + ".part")
        difference = (torch.jit.load(args.out + ".part")(picture) - network(picture)).abs().max().item()
    if not difference < 1e-5:
        sys.exit(f"The traced network differs from the original by {difference}: nothing is written.")
    os.replace(args.out + ".part", args.out)
    print(f"{args.out}: DeepPose with {make}, {os.path.getsize(args.out) / 1e6:.0f} MB. Next: compile_cpu.py or compile_drpai.py.")


if __name__ == "__main__":
    main()
