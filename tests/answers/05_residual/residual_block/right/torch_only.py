import torch
import torch.nn.functional as F


def residual_block(x, weight1, weight2):
    x, weight1, weight2 = map(torch.from_numpy, (x, weight1, weight2))
    hidden = F.conv2d(x, weight1, padding=[k // 2 for k in weight1.shape[2:]]).relu()
    y = F.conv2d(hidden, weight2, padding=[k // 2 for k in weight2.shape[2:]])
    return y.add(x).relu().numpy()
