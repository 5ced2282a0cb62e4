"""Right answers to `inception`, as students give them."""

import torch
import torch.nn.functional as F
from torch import nn


def branch_by_branch(x, weights):
    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2).relu()

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = conv(F.max_pool2d(x, 3, stride=1, padding=1), "pool proj")
    return torch.cat([one, three, five, pool], 1)


def loop(x, weights):
    outputs = []
    for name in ("1x1", "3x3", "5x5", "pool proj"):
        branch = x if name != "pool proj" else F.max_pool2d(x, 3, 1, 1)
        for kernel in (f"{name} reduce", name):
            if kernel in weights:
                branch = F.conv2d(branch, weights[kernel], padding="same").relu()
        outputs.append(branch)
    return torch.cat(outputs, dim=1)


def modules(x, weights):
    def layer(name, c):
        if name not in weights:
            return nn.Identity()
        o, _, k, _ = weights[name].shape
        conv = nn.Conv2d(c, o, k, padding=k // 2, bias=False).to(x)

        def run(t):
            return torch.relu(F.conv2d(t, weights[name], padding=conv.padding))

        return run

    c = x.shape[1]
    branches = [layer("1x1", c)(x)]
    for k in ("3x3", "5x5"):
        squeezed = layer(k + " reduce", c)(x)
        branches.append(layer(k, squeezed.shape[1])(squeezed))
    branches.append(layer("pool proj", c)(nn.MaxPool2d(3, 1, 1)(x)))
    return torch.cat(branches, 1)


def unfold_pooling(x, weights):
    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=[k // 2 for k in weight.shape[2:]]).relu()

    n, c, h, w = x.shape
    padded = F.pad(x, (1, 1, 1, 1), value=float("-inf"))
    windows = torch.stack([padded[:, :, i : i + h, j : j + w] for i in range(3) for j in range(3)])
    pooled = windows.amax(0)
    parts = [conv(x, "1x1"), conv(conv(x, "3x3 reduce"), "3x3")]
    parts += [conv(conv(x, "5x5 reduce"), "5x5"), conv(pooled, "pool proj")]
    return torch.cat(parts, 1)
