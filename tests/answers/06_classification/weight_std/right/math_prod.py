import math


def weight_std(shape, method):
    outputs, inputs, *kernel = shape
    taps = math.prod(kernel)
    fans = inputs * taps if method == "kaiming" else (inputs + outputs) * taps
    return math.sqrt(2 / fans)
