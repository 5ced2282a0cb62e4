import torch


def projection_shortcut(x, weight, stride=1):
    weight = torch.tensor(weight)[:, :, None, None]
    return torch.nn.functional.conv2d(torch.tensor(x), weight, stride=stride).numpy()
