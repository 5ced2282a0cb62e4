import torch
from torch import nn


def read_net(layers, input_shape):
    x, found = torch.empty(1, *input_shape, device="meta"), []
    for kind, *sizes in layers:
        if kind == "conv":
            layer = nn.Conv2d(x.shape[1], *sizes, device="meta")
        elif kind == "max_pool":
            layer = nn.MaxPool2d(*sizes)
        elif kind == "global_mean":
            layer = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        else:
            x = x.flatten(1)
            layer = nn.Linear(x.shape[1], *sizes, device="meta")
        x = layer(x)
        found.append((tuple(x.shape[1:]), sum(p.numel() for p in layer.parameters())))
    return found
