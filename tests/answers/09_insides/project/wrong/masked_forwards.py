import torch
import torch.nn.functional as F

DIAGNOSIS = "the derivative: a mask of what was positive forwards"


def project(signal, before, indices, weight):
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = torch.where(before > 0, unpooled, torch.zeros_like(unpooled))
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)
