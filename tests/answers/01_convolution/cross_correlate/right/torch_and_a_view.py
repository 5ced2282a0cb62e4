import torch


def cross_correlate(x, weight):
    x, weight = torch.tensor(x), torch.tensor(weight)
    return torch.nn.functional.conv2d(x[None, None], weight[None, None])[0, 0].numpy()
