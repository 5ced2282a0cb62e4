import torch


def max_pool2d_torch(x, kernel_size, stride=None, padding=0):
    k = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    s = k if stride is None else stride
    s = (s, s) if isinstance(s, int) else s
    p = (padding, padding) if isinstance(padding, int) else padding
    x = torch.nn.functional.pad(x, (p[1], p[1], p[0], p[0]), value=-1e30)
    N, C, H, W = x.shape
    columns = torch.nn.functional.unfold(x, k, stride=s).reshape(N, C, k[0] * k[1], -1)
    return columns.max(dim=2).values.reshape(N, C, (H - k[0]) // s[0] + 1, (W - k[1]) // s[1] + 1)
