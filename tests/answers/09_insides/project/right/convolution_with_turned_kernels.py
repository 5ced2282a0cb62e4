import torch.nn.functional as F


def project(signal, before, indices, weight):
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    turned = weight.flip(2, 3).transpose(0, 1)
    return F.conv2d(rectified, turned, padding=padding)
