import torch
import torch.nn.functional as F


def project(signal, before, indices, weight):
    signal = torch.clamp(signal, min=0)
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=list(before.shape[2:]))
    k_h, k_w = weight.shape[2:]
    return F.conv_transpose2d(unpooled, weight, padding=(k_h // 2, k_w // 2))
