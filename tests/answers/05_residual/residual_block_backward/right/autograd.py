import torch
import torch.nn.functional as F


def residual_block_backward(grad_output, x, weight1, weight2):
    x, weight1, weight2 = (torch.tensor(a, requires_grad=True) for a in (x, weight1, weight2))
    hidden = F.relu(F.conv2d(x, weight1, padding="same"))
    y = F.relu(F.conv2d(hidden, weight2, padding="same") + x)
    y.backward(torch.tensor(grad_output))
    return x.grad.numpy(), weight1.grad.numpy(), weight2.grad.numpy()
