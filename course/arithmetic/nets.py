"""A chain of layers as a torch net."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from course.arithmetic.reference import Layer


def build(
    layers: Sequence[Layer], in_channels: int = 1, axes: int = 2, device: torch.device | str = "cpu"
) -> nn.Sequential:
    """The chain as torch layers, with torch's own random weights and no bias.

    Args:
        layers: in order.
        in_channels: of the input.
        axes: spatial axes, 1 to 3.
        device: "meta" for shapes alone.

    Returns:
        nn.Sequential, one module for each layer.
    """
    modules, channels = [], in_channels
    for layer in layers:
        window = layer.kernel_size, layer.stride, layer.padding
        out = layer.out_channels or channels
        if layer.kind == "conv":
            kind = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}[axes]
            module = kind(
                channels, out, *window, dilation=layer.dilation, bias=False, device=device
            )
        elif layer.kind == "conv_transpose":
            kind = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}[axes]
            module = kind(
                *(channels, out, *window),
                output_padding=layer.output_padding,
                dilation=layer.dilation,
                bias=False,
                device=device,
            )
        elif layer.kind == "max_pool":
            kind = {1: nn.MaxPool1d, 2: nn.MaxPool2d, 3: nn.MaxPool3d}[axes]
            module = kind(*window, layer.dilation, ceil_mode=layer.ceil_mode)
        else:
            kind = {1: nn.AvgPool1d, 2: nn.AvgPool2d, 3: nn.AvgPool3d}[axes]
            module = kind(*window, layer.ceil_mode)
        modules.append(module)
        channels = out
    return nn.Sequential(*modules)
