import torch.nn.functional as F

DIAGNOSIS = "values spread over their windows"


def project(signal, before, indices, weight):
    size = before.shape[2:]
    unpooled = F.interpolate(signal, size=size, mode="nearest")
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)
