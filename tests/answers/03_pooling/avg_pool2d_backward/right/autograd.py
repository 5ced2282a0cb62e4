import torch
import torch.nn.functional as F


def avg_pool2d_backward(
    grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True
):
    x = torch.tensor(x, requires_grad=True)
    y = F.avg_pool2d(x, kernel_size, stride, padding, count_include_pad=count_include_pad)
    return torch.autograd.grad(y, x, torch.tensor(grad_output))[0].numpy()
