import torch
import torch.nn.functional as F


def channels_last(x, weight, bias, kernel_size, stride=1):
    """weights read with the channel last"""
    kh, kw = kernel_size
    kernels = weight.reshape(len(weight), kh, kw, x.shape[1]).permute(0, 3, 1, 2)
    return F.conv2d(x, kernels, bias, stride)


def columns_first(x, weight, bias, kernel_size, stride=1):
    """weights read with kH and kW exchanged"""
    kh, kw = kernel_size
    kernels = weight.reshape(len(weight), x.shape[1], kw, kh).mT
    return F.conv2d(x, kernels, bias, stride)


def flipped(x, weight, bias, kernel_size, stride=1):
    """kernels flipped"""
    kernels = weight.reshape(len(weight), x.shape[1], *kernel_size)
    return F.conv2d(x, torch.flip(kernels, dims=(-1, -2)), bias, stride)


def transposed(x, weight, bias, kernel_size, stride=1):
    """weights read down their columns"""
    kernels = weight.t().reshape(len(weight), x.shape[1], *kernel_size)
    return F.conv2d(x, kernels, bias, stride)


def no_bias(x, weight, bias, kernel_size, stride=1):
    """no bias"""
    return F.conv2d(x, weight.reshape(len(weight), x.shape[1], *kernel_size), stride=stride)


def every_place(x, weight, bias, kernel_size, stride=1):
    return F.conv2d(x, weight.reshape(len(weight), x.shape[1], *kernel_size), bias)


def padded(x, weight, bias, kernel_size, stride=1):
    """a picture with zeros around it"""
    kernels = weight.reshape(len(weight), x.shape[1], *kernel_size)
    half = tuple(k // 2 for k in kernel_size)
    return F.conv2d(x, kernels, bias, stride, padding=half)


def probabilities(x, weight, bias, kernel_size, stride=1):
    """probabilities in place of scores"""
    kernels = weight.reshape(len(weight), x.shape[1], *kernel_size)
    return torch.softmax(F.conv2d(x, kernels, bias, stride), dim=1)


def averaged(x, weight, bias, kernel_size, stride=1):
    """the mean over all windows"""
    kernels = weight.reshape(len(weight), x.shape[1], *kernel_size)
    return F.adaptive_avg_pool2d(F.conv2d(x, kernels, bias, stride), 1)[:, :, 0, 0]


def winners(x, weight, bias, kernel_size, stride=1):
    """the likeliest class of each window"""
    kernels = weight.reshape(len(weight), x.shape[1], *kernel_size)
    return F.conv2d(x, kernels, bias, stride).max(dim=1).indices


def classes_last(x, weight, bias, kernel_size, stride=1):
    """classes behind places"""
    kh, kw = kernel_size
    windows = x.unfold(2, kh, stride).unfold(3, kw, stride).permute(0, 2, 3, 1, 4, 5)
    return F.linear(windows.flatten(3), weight, bias)
