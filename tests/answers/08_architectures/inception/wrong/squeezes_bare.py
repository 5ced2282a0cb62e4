import torch
import torch.nn.functional as F

DIAGNOSIS = "a module without rectifiers behind its squeezes"


def inception(x, weights):
    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2).relu()

    def squeeze(x, name):
        return F.conv2d(x, weights[name]) if name in weights else x

    one = conv(x, "1x1")
    three = conv(squeeze(x, "3x3 reduce"), "3x3")
    five = conv(squeeze(x, "5x5 reduce"), "5x5")
    pool = conv(F.max_pool2d(x, 3, stride=1, padding=1), "pool proj")
    return torch.cat([one, three, five, pool], 1)
