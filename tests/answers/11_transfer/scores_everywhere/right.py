import torch
import torch.nn.functional as F


def view(x, weight, bias, kernel_size, stride=1):
    return F.conv2d(x, weight.view(-1, x.size(1), *kernel_size), bias, stride)


def unfolded(x, weight, bias, kernel_size, stride=1):
    kh, kw = kernel_size
    columns = F.unfold(x, (kh, kw), stride=stride)
    y = weight @ columns + bias[:, None]
    rows = (x.shape[2] - kh) // stride + 1
    return y.reshape(len(x), len(weight), rows, -1)


def window_by_window(x, weight, bias, kernel_size, stride=1):
    kh, kw = kernel_size
    lines = []
    for i in range(0, x.shape[2] - kh + 1, stride):
        line = []
        for j in range(0, x.shape[3] - kw + 1, stride):
            line.append(F.linear(x[:, :, i : i + kh, j : j + kw].flatten(1), weight, bias))
        lines.append(torch.stack(line, dim=2))
    return torch.stack(lines, dim=2)


def einsum(x, weight, bias, kernel_size, stride=1):
    kh, kw = kernel_size
    windows = x.unfold(2, kh, stride).unfold(3, kw, stride)
    kernels = weight.unflatten(1, (x.shape[1], kh, kw))
    return torch.einsum("ncijuv,kcuv->nkij", windows, kernels) + bias[:, None, None]
