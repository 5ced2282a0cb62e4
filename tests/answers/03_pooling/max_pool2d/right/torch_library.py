import torch


def max_pool2d(x, kernel_size, stride=None, padding=0):
    return torch.nn.functional.max_pool2d(torch.tensor(x), kernel_size, stride, padding).numpy()
