import math

import torch


def weight_std(shape, method):
    weight = torch.empty(*shape)
    fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(weight)
    gain = torch.nn.init.calculate_gain("relu" if method == "kaiming" else "linear")
    fan = fan_in if method == "kaiming" else (fan_in + fan_out) / 2
    return gain / math.sqrt(fan)
