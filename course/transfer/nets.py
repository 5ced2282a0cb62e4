"""A net in stages, whose first ones can be frozen and carried over; and its training."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Iterable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import update_bn

from course.transfer.gpu import linear_as_conv2d

STAGES = ("stage1", "stage2", "stage3", "stage4")
WIDTHS = (16, 16, 32, 64)


class Net(nn.Sequential):
    """Four stages (3x3 convolution, batch norm, rectifier), a global mean, a linear head.

    Stages 2 and 3 end with a pooling by 2; the convolutions have 16, 16, 32 and 64 channels.

    Args:
        num_classes: K of the output (N, K) for input (N, 1, H, W), H and W at least 4.

    Attributes:
        frozen: names of the children that do not learn; see `freeze`.
    """

    def __init__(self, num_classes: int):
        super().__init__()
        self.frozen: tuple[str, ...] = ()
        channels = 1
        for name, width in zip(STAGES, WIDTHS, strict=True):
            layers = [
                nn.Conv2d(channels, width, 3, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
            if name in STAGES[1:3]:
                layers.append(nn.MaxPool2d(2))
            self.add_module(name, nn.Sequential(*layers))
            channels = width
        self.add_module("mean", nn.AdaptiveAvgPool2d(1))
        self.add_module("flatten", nn.Flatten())
        self.add_module("head", nn.Linear(channels, num_classes))

    def freeze(self, *names: str) -> Net:
        """Let the named children not learn: no gradients, batch norm in eval mode for good.

        Raises:
            ValueError: there is no child of a name.
        """
        if unknown := [name for name in names if name not in self._modules]:
            raise ValueError(f"names must be of {', '.join(self._modules)}, got {unknown[0]!r}")
        self.frozen = tuple(names)
        for name, child in self.named_children():
            child.requires_grad_(name not in names)
        return self.train(self.training)

    def train(self, mode: bool = True) -> Net:
        """As torch has it, but what is frozen stays in eval mode: its statistics must not move."""
        super().train(mode)
        for name in self.frozen:
            self._modules[name].eval()
        return self


def count(net: nn.Module) -> tuple[int, int]:
    """How many parameters learn, and how many there are."""
    sizes = [(p.numel(), p.requires_grad) for p in net.parameters()]
    return sum(n for n, learns in sizes if learns), sum(n for n, _ in sizes)


def carry_over(source: Net, num_classes: int, stages: Iterable[str] = STAGES) -> Net:
    """A new net for other classes that begins with the source's stages; its head is fresh.

    Args:
        source: stays as it is.
        num_classes: of the target.
        stages: which to copy; the others are fresh.
    """
    net = Net(num_classes)
    for name in stages:
        net._modules[name].load_state_dict(source._modules[name].state_dict())
    return net


def take_statistics(net: Net, x: Tensor) -> Net:
    """Set the running statistics of all batch norms to those of `x`, before anything is frozen.

    Gives the net in eval mode.
    """
    update_bn([x], net)
    return net.eval()


def parameter_groups(net: nn.Module, rates: Mapping[str, float]) -> list[dict]:
    """Groups for an optimiser: each child's learning parameters with its own rate.

    Args:
        net: what its frozen children hold is left out.
        rates: {name of a child: rate}; "" holds for all that are not named.
    """
    groups = []
    for name, child in net.named_children():
        learning = [p for p in child.parameters() if p.requires_grad]
        if learning:
            groups.append({"params": learning, "lr": rates.get(name, rates.get(""))})
    return groups


def train(
    net: nn.Module,
    x: Tensor,
    y: Tensor,
    *,
    rates: Mapping[str, float],
    steps: int = 100,
    batch_size: int = 32,
    seed: int = 0,
) -> nn.Module:
    """Train in place by SGD with momentum 0.9, the rates falling along a cosine to 0.

    `course.training` counts epochs and has one rate. Here ten images and a thousand take as many
    steps, and each part its own rate.

    Args:
        net: gives (N, K); what is frozen stays.
        x, y: the images (M, C, H, W) and their classes (M,).
        rates: of `parameter_groups`.
        steps: batches; as many rounds through the images as they take.
        batch_size: at most M are taken.
        seed: of the order.

    Returns:
        The net, in eval mode.
    """
    groups = parameter_groups(net, rates)
    optimizer = torch.optim.SGD(groups, lr=0.0, momentum=0.9, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    generator = torch.Generator().manual_seed(seed)
    size, order = min(batch_size, len(x)), torch.empty(0, dtype=torch.int64)
    net.train()
    for _ in range(steps):
        if len(order) < size:
            order = torch.randperm(len(x), generator=generator)
        chosen, order = order[:size], order[size:]
        loss = F.cross_entropy(net(x[chosen]), y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return net.eval()


@torch.no_grad()
def accuracy(net: nn.Module, x: Tensor, y: Tensor) -> float:
    """Percent of right answers, in eval mode."""
    net.eval()
    return 100 * (net(x).argmax(1) == y).double().mean().item()


def copied(net: nn.Module) -> nn.Module:
    """The same net once more, to be changed."""
    return copy.deepcopy(net)


def fully_convolutional(net: nn.Sequential, input_shape: tuple[int, int, int]) -> nn.Sequential:
    """A classifier of windows as a net for pictures of any size, with the same numbers.

    The layer behind Flatten becomes a convolution as large as the maps that were flattened; linear
    layers behind it become convolutions of 1 x 1. What it gives at (i, j) is what the classifier
    gives for the window there, if no layer before Flatten pads: else a window has zeros around it
    where the picture has pixels, and the numbers differ.

    Args:
        net: layers in a row, ending in Flatten and layers on vectors; stays as it is.
        input_shape: (C, H, W) of a window.

    Returns:
        Gives (N, K, I, J) from pictures (N, C, H', W'); its weights are the classifier's own.

    Raises:
        ValueError: a linear layer does not come behind Flatten.
    """
    layers, flattened = OrderedDict(), None
    with torch.no_grad():
        x = next(net.parameters()).new_zeros(1, *input_shape)
        for name, layer in net.named_children():
            before, x = x, layer(x)
            if isinstance(layer, nn.Flatten):
                flattened = tuple(before.shape[1:])
                continue
            if isinstance(layer, nn.Linear):
                if flattened is None:
                    raise ValueError(f"net must have a Flatten before {name}")
                channels, *size = flattened
                conv = nn.Conv2d(channels, layer.out_features, size, bias=layer.bias is not None)
                conv.weight = nn.Parameter(linear_as_conv2d(layer.weight, channels, size))
                if layer.bias is not None:
                    conv.bias = nn.Parameter(layer.bias)
                flattened = (layer.out_features, 1, 1)
                layer = conv
            layers[name] = layer
    return nn.Sequential(layers).train(net.training)
