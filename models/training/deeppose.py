"""DeepPose: a ResNet backbone, global average pooling, one fully connected layer to 98 x 2 fractions.

Optionally a second, small layer beside it sees where in the last feature map things are, which the pooling hides:
64 channels of each place, in order, to the same 98 x 2. It begins as zero, so that any network can be given one.
"""
import pickle

import torch
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

from faces import POINTS

PLANS = {
    10: (BasicBlock, (1, 1, 1, 1)),
    18: (BasicBlock, (2, 2, 2, 2)),
    34: (BasicBlock, (3, 4, 6, 3)),
    50: (Bottleneck, (3, 4, 6, 3)),
}
PLACED = 64  # channels of the layer that sees places


class DeepPose(ResNet):
    def __init__(self, depth, places=0):
        super().__init__(*PLANS[depth])
        self.fc = torch.nn.Linear(self.fc.in_features, 2 * POINTS)
        self.places = self.placed(places) if places else None

    def placed(self, places):
        last = torch.nn.Linear(PLACED * places, 2 * POINTS, bias=False)
        torch.nn.init.zeros_(last.weight)
        return torch.nn.Sequential(torch.nn.Conv2d(self.fc.in_features, PLACED, 1), torch.nn.ReLU(), torch.nn.Flatten(), last)

    def features(self, crops):
        """The last feature map."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(crops))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))

    def pool(self, features):
        return torch.flatten(self.avgpool(features), 1)

    def points(self, features, pooled):
        landmarks = self.fc(pooled)
        if self.places is not None:
            landmarks = landmarks + self.places(features)
        return landmarks.view(-1, POINTS, 2)

    def forward(self, crops):
        features = self.features(crops)
        return self.points(features, self.pool(features))


def build(depth, places=0):
    return DeepPose(depth, places).to(memory_format=torch.channels_last)


def depth_of(state):
    """The depth that a state dict belongs to, from its blocks."""
    block = Bottleneck if "layer1.0.conv3.weight" in state else BasicBlock
    blocks = tuple(len({key.split(".")[1] for key in state if key.startswith(f"layer{stage}.")}) for stage in range(1, 5))
    return next(depth for depth, plan in PLANS.items() if plan == (block, blocks))


def without_blocks_beyond(depth, state):
    """The state without the blocks that a network of this depth does not have, for a start from a deeper one."""
    plan = PLANS[depth][1]

    def is_beyond(key):
        stage, _, rest = key.partition(".")
        return stage.startswith("layer") and int(rest.split(".")[0]) >= plan[int(stage[len("layer"):]) - 1]

    return {key: value for key, value in state.items() if not is_beyond(key)}


def load_weights(path, places=0, depth=None):
    """The network of a state dict, whether saved bare (fp16 or fp32) or inside a training state.

    A backbone alone, as ImageNet gives it, starts with a new last layer, and `places` adds the layer that sees places
    where the state has none. With `depth` the blocks of a deeper network are left out, which later training has to make
    good. Anything else that is missing or left over ends the program.
    """
    try:
        state = torch.load(path, map_location="cpu")
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as reason:
        raise SystemExit(f"{path}: not weights that can be read: {reason}") from reason
    return of_state(state.get("ema", state), path, places, depth)


def of_state(state, path, places=0, depth=None):
    """As load_weights, of a state dict that came from the path."""
    if depth:
        state = without_blocks_beyond(depth, state)
    has = next((value.shape[1] // PLACED for key, value in state.items() if key == "places.3.weight"), 0)
    net = build(depth or depth_of(state), has or places)
    if state.get("fc.weight", net.fc.weight).shape != net.fc.weight.shape:
        state = {key: value for key, value in state.items() if not key.startswith("fc.")}
    result = net.load_state_dict({key: value.float() if value.is_floating_point() else value for key, value in state.items()},
                                 strict=False)
    new = set() if any(key.startswith("fc.") for key in state) else {"fc.weight", "fc.bias"}
    new |= set() if has else {key for key in net.state_dict() if key.startswith("places.")}
    missing = [key for key in result.missing_keys if key not in new and not key.endswith("num_batches_tracked")]
    if missing or result.unexpected_keys:
        raise SystemExit(f"{path}: not the weights of a DeepPose network: {len(missing)} missing {missing[:3]}, "
                         f"{len(result.unexpected_keys)} unknown {list(result.unexpected_keys)[:3]}")
    for key in new:
        print(f"{path} has no {key}; it starts untrained")
    return net


def has_statistics(net):
    """Whether its batch norms know what comes, which those of a network from an exported model, or trained on from there, do not."""
    return any(bool(layer.running_mean.any()) for layer in net.modules() if isinstance(layer, torch.nn.BatchNorm2d))
