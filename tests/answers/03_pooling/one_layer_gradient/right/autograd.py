import torch
import torch.nn.functional as F


def one_layer_gradient(x, weight, target, kernel_size):
    weight = torch.tensor(weight, requires_grad=True)
    u = F.conv1d(torch.tensor(x)[None, None], weight[None, None])
    y = F.max_pool1d(torch.tanh(u), kernel_size)[0, 0]
    (0.5 * (y - torch.tensor(target)).square().sum()).backward()
    return weight.grad.numpy()
