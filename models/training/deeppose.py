"""DeepPose: a ResNet backbone, global average pooling, one fully connected layer to 98 x 2 fractions."""
import torch
import torchvision

from faces import POINTS

DEPTHS = {18: torchvision.models.resnet18, 34: torchvision.models.resnet34, 50: torchvision.models.resnet50}


def build(depth):
    net = DEPTHS[depth](weights=None)
    net.fc = torch.nn.Linear(net.fc.in_features, 2 * POINTS)
    return net.to(memory_format=torch.channels_last)


def depth_of(state):
    """The depth that a state dict belongs to, from its block counts."""
    blocks = len({key.split(".")[1] for key in state if key.startswith("layer3.")})
    if "layer1.0.conv3.weight" in state:
        return 50
    return {2: 18, 6: 34}[blocks]


def load_weights(path):
    """The network of a state dict, whether saved bare (fp16 or fp32) or inside a training state."""
    state = torch.load(path, map_location="cpu")
    state = state.get("ema", state)
    net = build(depth_of(state))
    net.load_state_dict({key: value.float() if value.is_floating_point() else value for key, value in state.items()},
                        strict=False)  # `num_batches_tracked` may be missing
    return net
