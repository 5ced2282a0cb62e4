import torch.nn.functional as F

DIAGNOSIS = "the guided rule: both masks"


def project(signal, before, indices, weight):
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled.relu() * (before > 0)
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)
