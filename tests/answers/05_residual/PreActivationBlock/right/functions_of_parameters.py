import torch
import torch.nn.functional as F
from torch import nn


def norm(x, layer):
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


class PreActivationBlock(nn.Module):
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
        a = torch.clamp(norm(x, self.norm1), min=0)
        y = F.conv2d(a, self.conv1.weight, stride=self.stride, padding=1)
        y = F.conv2d(norm(y, self.norm2).clamp(min=0), self.conv2.weight, padding=1)
        if self.shortcut is None:
            return x + y
        return y + F.conv2d(a, self.shortcut.weight, stride=self.stride)
