import torch
from torch import nn


def audit(rows):
    errors, total = [], 0
    for _, c, o, k, size, claimed in rows:
        with torch.device("meta"):
            weight = nn.Conv2d(c, o, k, bias=False).weight
        counted = weight.numel() * size[0] * size[1]
        total = total + counted
        errors += [claimed - counted]
    return errors, total
