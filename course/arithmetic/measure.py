"""How much each pixel of a receptive field weighs, measured at random nets; worth a GPU."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from course.arguments import integers
from course.arithmetic.gpu import receptive_field
from course.arithmetic.reference import Layer


def effective_receptive_field(
    layers: Sequence[Layer],
    trials: int = 16,
    channels: int = 8,
    seed: int = 0,
    device: torch.device | str = "cpu",
) -> Tensor:
    """How much each pixel of the receptive field weighs: the mean size of the gradient there.

        weight[i, j] = mean over random weights and inputs of |d output / d x[i, j]|, summing to 1

    The input is as large as the receptive field, so that there is one output, and padding has no
    part in it. Weights are normal with variance 1 / fan-in, each convolution but the last is
    followed by ReLU.

    Args:
        layers: convolutions and pooling, the same along both axes.
        trials: nets to draw; each sees four random inputs.
        channels: of every layer in between.
        seed: of the weights and the inputs.
        device: where to run.

    Returns:
        (size, size), on `device`.

    Source: Luo, Li, Urtasun, Zemel, "Understanding the effective receptive field in deep
        convolutional neural networks" (2016).
    """
    field = receptive_field(layers)[-1].size
    size = integers("layers", field, 2)[0]
    # Drawn on the CPU, so that a seed means the same on every device.
    random = torch.Generator().manual_seed(seed)
    last = max((i for i, layer in enumerate(layers) if layer.kind == "conv"), default=-1)
    total = torch.zeros(size, size, device=device)
    for _ in range(trials):
        x = torch.randn(4, 1, size, size, generator=random).to(device).requires_grad_()
        y, in_channels = x, 1
        for i, layer in enumerate(layers):
            if layer.kind != "conv":
                pool = F.max_pool2d if layer.kind == "max_pool" else F.avg_pool2d
                y = pool(y, layer.kernel_size, layer.stride)
                continue
            out = 1 if i == last else channels
            taps = integers("kernel_size", layer.kernel_size, 2, 1)
            weight = torch.randn(out, in_channels, *taps, generator=random)
            weight = weight / (in_channels * taps[0] * taps[1]) ** 0.5
            y = F.conv2d(y, weight.to(device), None, layer.stride, 0, layer.dilation)
            y, in_channels = y if i == last else y.relu(), out
        (grad,) = torch.autograd.grad(y.sum(), x)
        total += grad.abs().sum((0, 1))
    return total / total.sum()
