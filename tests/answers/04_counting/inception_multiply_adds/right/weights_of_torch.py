import torch


def inception_multiply_adds(
    in_channels, size, out_1x1, reduce_3x3, out_3x3, reduce_5x5, out_5x5, pool_proj
):
    def cost(c, o, k):
        return torch.nn.Conv2d(c, o, k, device="meta").weight.numel() * size * size

    total = cost(in_channels, out_1x1, 1) + cost(in_channels, pool_proj, 1)
    total += cost(in_channels, reduce_3x3, 1) + cost(reduce_3x3, out_3x3, 3)
    return total + cost(in_channels, reduce_5x5, 1) + cost(reduce_5x5, out_5x5, 5)
