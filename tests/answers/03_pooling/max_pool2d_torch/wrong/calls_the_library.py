import torch

DIAGNOSIS = None


def max_pool2d_torch(x, kernel_size, stride=None, padding=0):
    return torch.nn.functional.max_pool2d(x, kernel_size, stride, padding)
