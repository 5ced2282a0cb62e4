"""Wrong answers to `light_stage`, as students give them."""


def plain():
    """3 x 3 kernels on all channels"""
    return [("conv", 128, 3, 2, 1), *[("conv", 128, 3, 1, 1)] * 3]


def never_strided():
    """a stage that does not halve the maps"""
    return [("conv", 24, 1, 1, 1), *[("conv", 24, 3, 1, 1)] * 7, ("conv", 128, 1, 1, 1)]


def each_layer_strided():
    """a stage that shrinks too much"""
    return [("conv", 24, 1, 1, 1), *[("conv", 24, 3, 2, 1)] * 4, ("conv", 128, 1, 1, 1)]


def even_kernels():
    """a window of an even size"""
    return [("conv", 64, 4, 2, 64), *[("conv", 64, 4, 1, 64)] * 2, ("conv", 128, 1, 1, 1)]


def as_many_maps_as_came():
    """another number of maps at the end"""
    return [("conv", 24, 1, 1, 1), ("conv", 24, 3, 2, 1), *[("conv", 24, 3, 1, 1)] * 3]


def channels_alone():
    """groups that never meet"""
    return [("conv", 128, 3, 2, 64), *[("conv", 128, 3, 1, 128)] * 3]


def the_same_eight_groups_throughout():
    """groups that never meet"""
    return [("conv", 64, 3, 2, 8), *[("conv", 64, 3, 1, 8)] * 2, ("conv", 128, 3, 1, 8)]


def stride_at_the_end():
    """windows in front of the stride that see half as far"""
    return [*[("conv", 64, 3, 1, 64)] * 3, ("conv", 64, 3, 2, 64), ("conv", 128, 1, 1, 1)]


def two_small_kernels():
    """a stage that sees too little"""
    return [
        ("conv", 32, 1, 1, 1),
        ("conv", 32, 3, 2, 1),
        ("conv", 32, 3, 1, 1),
        ("conv", 128, 1, 1, 1),
    ]


def skipping():
    """a step that skips pixels"""
    return [("conv", 24, 1, 2, 1), *[("conv", 24, 3, 1, 1)] * 4, ("conv", 128, 1, 1, 1)]


def one_large_kernel():
    """a large kernel on many channels"""
    return [("conv", 16, 1, 1, 1), ("conv", 128, 15, 2, 1)]


def half_squeezed():
    """a squeeze that is too wide still"""
    return [
        ("conv", 48, 1, 1, 1),
        ("conv", 48, 3, 2, 1),
        *[("conv", 48, 3, 1, 1)] * 3,
        ("conv", 128, 1, 1, 1),
    ]


def mobile():
    """1 x 1 convolutions that are dear"""
    layers = []
    for stride in (2, 1, 1, 1):
        layers += [("conv", 128 if layers else 64, 3, stride, 64 if not layers else 128)]
        layers += [("conv", 128, 1, 1, 1)]
    return layers


def small_kernels_before_the_stride():
    """work at full size"""
    return [
        ("conv", 20, 1, 1, 1),
        *[("conv", 20, 3, 1, 1)] * 5,
        ("conv", 20, 5, 2, 1),
        ("conv", 128, 1, 1, 1),
    ]


def not_a_list():
    return ("conv", 24, 1, 1, 1)
