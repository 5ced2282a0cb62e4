import torch
import torch.nn.functional as F


def inception(x, weights):
    outputs = []
    for name in ("1x1", "3x3", "5x5", "pool proj"):
        branch = x if name != "pool proj" else F.max_pool2d(x, 3, 1, 1)
        for kernel in (f"{name} reduce", name):
            if kernel in weights:
                branch = F.conv2d(branch, weights[kernel], padding="same").relu()
        outputs.append(branch)
    return torch.cat(outputs, dim=1)
