import torch

DIAGNOSIS = None


def conv2d_torch(x, weight, bias=None, stride=1, padding=0):
    return torch.nn.functional.conv2d(x, weight, bias, stride, padding)
