import torch


def step(x, weight):
    a = torch.relu(torch.nn.functional.batch_norm(x, None, None, training=True))
    kH, kW = weight.shape[2:]
    a = torch.nn.functional.pad(a, (kW // 2, kW // 2, kH // 2, kH // 2))
    return torch.einsum("ncijuv,ocuv->noij", a.unfold(2, kH, 1).unfold(3, kW, 1), weight)


def pre_activation_block(x, weight1, weight2):
    return step(step(x, weight1), weight2) + x
