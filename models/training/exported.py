"""The way back from a file that export.py wrote to a network that can be trained on: people have the file, not the training's state.

An exported convolution holds its batch norm. Its statistics are gone, so that the norms of the network made here only scale and shift,
and have to be kept as they are in training.
"""
import numpy as np
import onnx
import onnx.numpy_helper
import torch
from google.protobuf.message import DecodeError

import deeppose


def state(path):
    """The state dict of an exported network, which gives the same points."""
    try:
        graph = onnx.load(path).graph
    except (OSError, DecodeError) as reason:
        raise SystemExit(f"{path}: not a model that can be read: {reason}") from reason
    values = {tensor.name.removesuffix(".half"): onnx.numpy_helper.to_array(tensor).astype(np.float32) for tensor in graph.initializer}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    # Of the three layers at the end only the one that sees places has no bias.
    seen = [values[node.input[1]] for node in graph.node if node.op_type == "MatMul"]
    depths = {len(layers(deeppose.build(depth))): depth for depth in deeppose.PLANS}
    depth = depths.get(len(convolutions) - len(seen))
    if depth is None or len(seen) > 1 or "net.fc.weight" not in values:
        raise SystemExit(f"{path}: not a network that export.py wrote; give --start one of those, or weights of PyTorch")
    net = deeppose.build(depth, len(seen[0]) // deeppose.PLACED if seen else 0)
    with torch.no_grad():
        put(net.fc.weight, values["net.fc.weight"])
        put(net.fc.bias, values["net.fc.bias"])
        if seen:
            put(net.places[3].weight, seen[0].T)
            put(net.places[0].weight, values[convolutions[-1].input[1]])
            put(net.places[0].bias, values[convolutions[-1].input[2]])
        for (convolution, norm), node in zip(layers(net), convolutions):
            split(convolution, norm, *(values[name] for name in node.input[1:3]))
    return net.state_dict()


def layers(net):
    """The convolutions of the backbone with their batch norms, in the order in which they are computed."""
    found = [(net.conv1, net.bn1)]
    for block in [*net.layer1, *net.layer2, *net.layer3, *net.layer4]:
        found += [(getattr(block, f"conv{i}"), getattr(block, f"bn{i}")) for i in (1, 2, 3) if hasattr(block, f"conv{i}")]
        if block.downsample is not None:
            found.append(tuple(block.downsample))
    return found


def put(tensor, values):
    tensor.copy_(torch.from_numpy(values.copy()))


def split(convolution, norm, weight, bias):
    """Makes the weights as large as in a new network and has the norm take that back.

    A step of the optimiser is as large for every weight. Some channels here are a tenth of the others and would be lost in it.
    """
    put(convolution.weight, weight)
    usual = np.sqrt(2 / (convolution.out_channels * convolution.kernel_size[0] ** 2))
    scale = usual / convolution.weight.square().mean((1, 2, 3)).sqrt().clamp(min=1e-6)
    convolution.weight.mul_(scale[:, None, None, None])
    norm.weight.fill_(1)
    put(norm.bias, bias)
    norm.running_mean.zero_()
    norm.running_var.copy_(scale.square() - norm.eps)
