import torch
import torch.nn.functional as F
from torch import nn


def conv(x, weight, stride=1):
    k = weight.shape[-1]
    windows = F.pad(x, (k // 2,) * 4).unfold(2, k, stride).unfold(3, k, stride)
    return torch.einsum("ncijuv,ocuv->noij", windows, weight)


class Weight(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(shape))


class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv1 = Weight(out_channels, in_channels, 3, 3)
        self.conv2 = Weight(out_channels, out_channels, 3, 3)
        self.stride, self.same = stride, stride == 1 and in_channels == out_channels
        if not self.same:
            self.shortcut = Weight(out_channels, in_channels, 1, 1)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = conv(F.relu(self.norm2(conv(a, self.conv1.weight, self.stride))), self.conv2.weight)
        return y + (x if self.same else conv(a, self.shortcut.weight, self.stride))
