"""Answers of four students, each to the table of their own name."""


def emmy():
    return {
        "name": "Emmy Noether",
        **{"size": (1, (20, 25)), "parameters": (5, 7084), "multiply_adds": (4, 131040)},
    }


def in_lists():
    return {
        "name": "emmy noether",
        **{"size": [1, [20, 25]], "parameters": [5, 7084], "multiply_adds": [4, 131040]},
    }


def grace():
    out = (56 - 3) // 2 + 1, (36 - 3) // 2 + 1
    return {
        "name": "Grace Hopper",
        "size": (1, out),
        "parameters": (5, 10 * (10 * 9 + 1)),
        "multiply_adds": (4, 10 * 6 * 9 * 14 * 9),
    }


def by_torch():
    import torch
    from torch import nn

    convolve, grouped, last = nn.Conv2d(20, 24, 3, 2), nn.Conv2d(16, 28, 3, groups=4), 28
    count = sum(p.numel() for p in nn.Conv2d(last, last, 3).parameters())
    return {
        "name": "Emmy Noether",
        "size": (1, tuple(convolve(torch.zeros(1, 20, 42, 52)).shape[2:])),
        "parameters": (5, count),
        "multiply_adds": (4, grouped.weight.numel() * 10 * 13),
    }
