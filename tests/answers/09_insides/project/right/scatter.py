import torch
import torch.nn.functional as F


def project(signal, before, indices, weight):
    size = before.shape[2:]
    n, c = signal.shape[:2]
    flat = torch.zeros(n, c, size[0] * size[1]).to(signal)
    flat = flat.scatter(2, indices.reshape(n, c, -1), signal.reshape(n, c, -1))
    unpooled = flat.reshape(n, c, *size)
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)
