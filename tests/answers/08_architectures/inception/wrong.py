"""Wrong answers to `inception`, as students give them."""

import torch
import torch.nn.functional as F


def average_pooling(x, weights):
    """a mean in place of the maximum"""

    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2).relu()

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = conv(F.avg_pool2d(x, 3, stride=1, padding=1), "pool proj")
    return torch.cat([one, three, five, pool], 1)


def large_first(x, weights):
    """the branches in another order: from large to small"""

    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2).relu()

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = conv(F.max_pool2d(x, 3, stride=1, padding=1), "pool proj")
    return torch.cat([five, three, one, pool], 1)


def no_padding(x, weights):
    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=0).relu()

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = conv(F.max_pool2d(x, 3, stride=1, padding=1), "pool proj")
    return torch.cat([one, three, five, pool], 1)


def no_pooling(x, weights):
    """a module without its pooling"""

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


def no_rectifiers(x, weights):
    """a module without rectifiers"""

    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2)

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = conv(F.max_pool2d(x, 3, stride=1, padding=1), "pool proj")
    return torch.cat([one, three, five, pool], 1)


def pooling_first(x, weights):
    """the branches in another order: pooling first"""

    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2).relu()

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = conv(F.max_pool2d(x, 3, stride=1, padding=1), "pool proj")
    return torch.cat([pool, one, three, five], 1)


def projection_first(x, weights):
    """a projection before the pooling"""

    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2).relu()

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = F.max_pool2d(conv(x, "pool proj"), 3, stride=1, padding=1)
    return torch.cat([one, three, five, pool], 1)


def squeezes_bare(x, weights):
    """a module without rectifiers behind its squeezes"""

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


def three_branches(x, weights):
    """a module without its pooling branch"""

    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2).relu()

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = conv(F.max_pool2d(x, 3, stride=1, padding=1), "pool proj")
    return torch.cat([one, three, five], 1)


def zero_padding(x, weights):
    """a pooling padded by zeros"""

    def conv(x, name):
        if name not in weights:
            return x
        weight = weights[name]
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2).relu()

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = conv(F.max_pool2d(F.pad(x, (1, 1, 1, 1)), 3, stride=1), "pool proj")
    return torch.cat([one, three, five, pool], 1)


def parameters_of_its_own(x, weights):
    def conv(x, name):
        if name not in weights:
            return x
        weight = torch.nn.Parameter(weights[name])
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2).relu()

    one = conv(x, "1x1")
    three = conv(conv(x, "3x3 reduce"), "3x3")
    five = conv(conv(x, "5x5 reduce"), "5x5")
    pool = conv(F.max_pool2d(x, 3, stride=1, padding=1), "pool proj")
    return torch.cat([one, three, five, pool], 1)
