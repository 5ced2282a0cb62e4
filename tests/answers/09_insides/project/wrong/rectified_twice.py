import torch.nn.functional as F

DIAGNOSIS = "a rectifier behind the filters, too"


def project(signal, before, indices, weight):
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding).relu()
