"""Right answers to `light_stage`, as students give them."""


def bottleneck():
    squeezed = [("conv", 24, 1, 1, 1), ("conv", 24, 3, 2, 1)]
    return [*squeezed, *[("conv", 24, 3, 1, 1)] * 3, ("conv", 128, 1, 1, 1)]


def one_channel_a_kernel():
    layers = [("conv", 64, 3, 2, 64)]
    for _ in range(3):
        layers.append(("conv", 64, 3, 1, 64))
    return [*layers, ("conv", 128, 1, 1, 1)]


def one_large_kernel_for_each_channel():
    return [("conv", 64, 15, 2, 64), ("conv", 128, 1, 1, 1)]


def groups_between_two_pointwise():
    return [
        ("conv", 32, 1, 1, 1),
        ("conv", 32, 3, 2, 4),
        ("conv", 32, 3, 1, 4),
        ("conv", 32, 3, 1, 4),
        ("conv", 32, 3, 1, 4),
        ("conv", 128, 1, 1, 1),
    ]


def pooled_first():
    return [
        ("max_pool", 2, 2),
        ("conv", 24, 1, 1, 1),
        *[("conv", 24, 3, 1, 1)] * 4,
        ("conv", 128, 1, 1, 1),
    ]


def patches_of_two():
    return [("conv", 32, 2, 2, 1), ("conv", 32, 15, 1, 32), ("conv", 128, 1, 1, 1)]
