"""The net that is looked into: three stages, a global mean, a vote."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import update_bn

from course import training


class Net(nn.Sequential):
    """Convolutions of 16, 32 and 64 channels with batch norm, two poolings, mean, linear layer.

    The layers are named: "conv1", "norm1", "relu1", "pool1", ...

    Args:
        num_classes: K of the output (N, K).
    """

    def __init__(self, num_classes: int = 10):
        super().__init__()
        channels = 1
        for i, width in enumerate((16, 32, 64), start=1):
            self.add_module(f"conv{i}", nn.Conv2d(channels, width, 3, padding=1, bias=False))
            self.add_module(f"norm{i}", nn.BatchNorm2d(width))
            self.add_module(f"relu{i}", nn.ReLU())
            if i < 3:
                self.add_module(f"pool{i}", nn.MaxPool2d(2))
            channels = width
        self.add_module("mean", nn.AdaptiveAvgPool2d(1))
        self.add_module("flatten", nn.Flatten())
        self.add_module("linear", nn.Linear(channels, num_classes))

    def until(self, name: str) -> nn.Sequential:
        """The net up to and with the layer of this name."""
        layers = dict(self.named_children())
        last = list(layers).index(name)
        return nn.Sequential(OrderedDict(list(layers.items())[: last + 1]))


def train(x: Tensor, y: Tensor, *, epochs: int = 6, seed: int = 0) -> Net:
    """Train a `Net` by Adam, the rate falling along a cosine from 0.005 to 0; in eval mode."""
    torch.manual_seed(seed)
    net = Net()
    settings = {"lr": 0.005, "adam": True, "weight_decay": 0.0, "batch_size": 50, "cosine": epochs}
    training.train(net, x, y, epochs, progress=False, seed=seed, **settings)
    return net.eval()


def randomised(net: Net, layers: tuple[str, ...], x: Tensor, seed: int = 0) -> Net:
    """A copy with fresh weights in some layers, and batch norm's statistics taken anew on `x`.

    Args:
        net: stays as it is.
        layers: names of convolutions and the linear layer; their batch norms go with them.
        x: pictures for the statistics: without them the control would be unfair.
        seed: of the fresh weights.
    """
    torch.manual_seed(seed + 1000)
    fresh, copy = Net(), Net()
    copy.load_state_dict(net.state_dict())
    children, new = dict(copy.named_children()), dict(fresh.named_children())
    for name in layers:
        for each in (name, name.replace("conv", "norm")):
            children[each].load_state_dict(new[each].state_dict())
    update_bn([x], copy)
    return copy.eval()
