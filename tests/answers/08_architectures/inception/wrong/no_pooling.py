import torch
import torch.nn.functional as F

DIAGNOSIS = "a module without its pooling"


def inception(x, weights):
    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2).relu()

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = conv(x, "pool proj")
    return torch.cat([one, three, five, pool], 1)
