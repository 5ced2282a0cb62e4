import numpy as np
import torch
import torch.nn.functional as F


def occlusion_map(drops, input_size, size, stride):
    t = torch.from_numpy(drops)[None, None]
    kernel = torch.ones(1, 1, size, size).double()
    rest = [(n - size) % stride for n in input_size]
    total = F.conv_transpose2d(t, kernel, stride=stride)
    count = F.conv_transpose2d(torch.ones_like(t), kernel, stride=stride)
    y = np.zeros(input_size)
    y[: input_size[0] - rest[0], : input_size[1] - rest[1]] = (total / count.clamp(min=1)).numpy()
    return y
