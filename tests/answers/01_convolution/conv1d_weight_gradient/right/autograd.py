import torch


def conv1d_weight_gradient(grad_output, x, kernel_size):
    grad_output, x = torch.tensor(grad_output), torch.tensor(x)
    weight = torch.zeros(
        grad_output.shape[1], x.shape[1], kernel_size, dtype=x.dtype, requires_grad=True
    )
    torch.nn.functional.conv1d(x, weight).backward(grad_output)
    return weight.grad.numpy()
