"""A layer split over devices, as students write it."""

import torch
import torch.nn.functional as F


def slices(x, weight, bias, devices, groups=1, padding=0):
    out, o, c = [], weight.shape[0] // devices, x.shape[1] // devices
    for d in range(devices):
        part = x if groups == 1 else x[:, d * c : (d + 1) * c]
        mine = slice(d * o, (d + 1) * o)
        out.append(F.conv2d(part, weight[mine], bias[mine], padding=padding))
    return torch.stack(out)


def functional_call(x, weight, bias, devices, groups=1, padding=0):
    out = []
    xs = x.chunk(devices, 1) if groups > 1 else [x] * devices
    for part, w, b in zip(xs, weight.chunk(devices), bias.chunk(devices)):
        layer = torch.nn.Conv2d(w.shape[1], w.shape[0], tuple(w.shape[2:]), padding=padding)
        out.append(torch.func.functional_call(layer, {"weight": w, "bias": b}, part))
    return torch.stack(out)


def unfolded(x, weight, bias, devices, groups=1, padding=0):
    x = F.pad(x, [padding] * 4)
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    out = []
    for d in range(devices):
        w = weight.tensor_split(devices)[d]
        v = windows if groups == 1 else windows.tensor_split(devices, dim=1)[d]
        y = torch.einsum("ncijuv,ocuv->noij", v, w)
        out.append(y + bias.tensor_split(devices)[d].view(1, -1, 1, 1))
    return torch.stack(out)


def whole_layer_cut(x, weight, bias, devices, groups=1, padding=0):
    y = F.conv2d(x, weight, bias, padding=padding, groups=groups)
    return torch.stack(y.split(weight.shape[0] // devices, dim=1))


def reshaped(x, weight, bias, devices, groups=1, padding=0):
    w = weight.reshape(devices, -1, *weight.shape[1:])
    b = bias.reshape(devices, -1)
    n, c = x.shape[:2]
    parts = x.reshape(n, devices, c // devices, *x.shape[2:]) if groups > 1 else None
    found = [
        F.conv2d(x if parts is None else parts[:, d], w[d], b[d], padding=padding)
        for d in range(devices)
    ]
    return torch.stack(found)
