import torch


def conv2d(x, weight, bias=None, stride=1, padding=0):
    bias = None if bias is None else torch.from_numpy(bias)
    x, weight = torch.from_numpy(x), torch.from_numpy(weight)
    return torch.nn.functional.conv2d(x, weight, bias, stride, padding).numpy()
