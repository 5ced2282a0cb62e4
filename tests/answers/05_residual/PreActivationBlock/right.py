"""Right answers to `PreActivationBlock`, as students give them."""

import torch
import torch.nn.functional as F
from torch import nn


def _norm(x, layer):
    if layer.training:
        mean = x.mean(dim=(0, 2, 3), keepdim=True)
        variance = ((x - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)
        count = x.numel() / x.shape[1]
        with torch.no_grad():
            layer.running_mean.lerp_(mean.flatten(), 0.1)
            layer.running_var.lerp_(variance.flatten() * count / (count - 1), 0.1)
    else:
        mean = layer.running_mean[:, None, None]
        variance = layer.running_var[:, None, None]
    scale, shift = layer.weight[:, None, None], layer.bias[:, None, None]
    return scale * (x - mean) / torch.sqrt(variance + 1e-5) + shift


class functions_of_parameters(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.stride = stride
        self.norm1, self.norm2 = nn.BatchNorm2d(in_channels), nn.BatchNorm2d(out_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, bias=False)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride > 1:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        a = torch.clamp(_norm(x, self.norm1), min=0)
        y = F.conv2d(a, self.conv1.weight, stride=self.stride, padding=1)
        y = F.conv2d(_norm(y, self.norm2).clamp(min=0), self.conv2.weight, padding=1)
        if self.shortcut is None:
            return x + y
        return y + F.conv2d(a, self.shortcut.weight, stride=self.stride)


class modules(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class sequential_and_identity(torch.nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        for i, (channels, step) in enumerate([(in_channels, stride), (out_channels, 1)], 1):
            conv = torch.nn.Conv2d(channels, out_channels, 3, step, 1, bias=False)
            self.add_module(f"norm{i}", torch.nn.BatchNorm2d(channels))
            self.add_module(f"conv{i}", conv)
        self.shortcut = torch.nn.Identity()
        if (stride, in_channels) != (1, out_channels):
            self.shortcut = torch.nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        active = self.norm1(x).relu()
        start = x if isinstance(self.shortcut, torch.nn.Identity) else active
        for layer in (self.conv1, self.norm2, torch.nn.ReLU(inplace=True), self.conv2):
            active = layer(active)
        return self.shortcut(start) + active


def _conv(x, weight, stride=1):
    k = weight.shape[-1]
    windows = F.pad(x, (k // 2,) * 4).unfold(2, k, stride).unfold(3, k, stride)
    return torch.einsum("ncijuv,ocuv->noij", windows, weight)


class _Weight(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(shape))


class unfold_and_einsum(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv1 = _Weight(out_channels, in_channels, 3, 3)
        self.conv2 = _Weight(out_channels, out_channels, 3, 3)
        self.stride, self.same = stride, stride == 1 and in_channels == out_channels
        if not self.same:
            self.shortcut = _Weight(out_channels, in_channels, 1, 1)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = _conv(F.relu(self.norm2(_conv(a, self.conv1.weight, self.stride))), self.conv2.weight)
        return y + (x if self.same else _conv(a, self.shortcut.weight, self.stride))
