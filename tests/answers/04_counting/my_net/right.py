"""Answers of four students, each to the net of their own name."""


def _answer(name, *numbers):
    keys = ("conv", "norm", "grouped", "parameters", "in_features", "multiply_adds", "bytes")
    return {"name": name, **dict(zip(keys, numbers, strict=True))}


def ada():
    return _answer("Ada Lovelace", 2100, 40, 1104, 24375, 1920, 86400, 563200)


def spaces_and_capitals():
    return _answer("  ADA   lovelace ", 2100, 40, 1104, 24375, 1920, 86400, 563200)


def alan():
    # 7 x 5 kernels on 4 channels; 24 x 25 places, pooled to 12 x 12; three groups of eight.
    conv, norm, weights = 24 * 4 * 7 * 5, 2 * 24, 21 * 8 * 9
    features = 21 * 12 * 12
    total = conv + norm + weights + 21 + 8 * (features + 1)
    places = 12 * 12
    return _answer(
        "Alan Turing", conv, norm, weights + 21, total, features, weights * places, 403200
    )


def by_torch():
    import torch
    from torch import nn

    net = nn.Sequential(
        nn.Conv2d(4, 10, (3, 7), 2, (1, 3), bias=False),
        nn.BatchNorm2d(10),
        nn.MaxPool2d(2),
        nn.Conv2d(10, 14, 3, padding=1, groups=2),
        nn.Flatten(),
        nn.LazyLinear(9),
    )
    x = net[0](torch.zeros(7, 4, 51, 39))
    places = net[2](x).shape[2] * net[2](x).shape[3]
    net(torch.zeros(7, 4, 51, 39))
    count = [sum(p.numel() for p in layer.parameters()) for layer in net]
    return _answer(
        "Grace Hopper",
        count[0],
        count[1],
        count[3],
        sum(count),
        net[5].in_features,
        net[3].weight.numel() * places,
        x.nbytes,
    )
