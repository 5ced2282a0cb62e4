import torch


def conv2d_torch(x, weight, bias=None, stride=1, padding=0):
    stride = (stride, stride) if isinstance(stride, int) else stride
    padding = (padding, padding) if isinstance(padding, int) else padding
    O, _, kH, kW = weight.shape
    columns = torch.nn.functional.unfold(x, (kH, kW), 1, padding, stride)
    H = (x.shape[2] + 2 * padding[0] - kH) // stride[0] + 1
    y = (weight.reshape(O, -1) @ columns).reshape(len(x), O, H, -1)
    return y if bias is None else y + bias.view(1, -1, 1, 1)
