"""Training on several devices in torch: the twins of `reference`, each device's tensor in a list.

They run in one process; each tensor stays on the device on which it lies, so that with several GPUs
each has its own. `parallel` has the same between processes.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from course.devices.reference import check_split


def average_gradients(gradients: Sequence[Tensor], counts: Sequence[int]) -> Tensor:
    """Make the gradient of the whole batch from those of its parts, on the first one's device.

    g = sum over d of (n[d] / N) * g[d]
    """
    if len(counts) != len(gradients) or sum(counts) <= 0:
        raise ValueError(f"counts must have a number for each of {len(gradients)} devices")
    home = gradients[0].device
    weights = [n / sum(counts) for n in counts]
    return torch.stack([w * g.to(home) for w, g in zip(weights, gradients, strict=True)]).sum(0)


def ring_all_reduce(values: Sequence[Tensor]) -> list[Tensor]:
    """Give every device the sum of all devices' tensors, by passing chunks round a ring.

    In step s, device d sends its chunk (d - s) mod D to device d + 1, which adds it in the first
    D - 1 steps, and takes it in place of its own in D - 1 more.
    """
    devices = len(values)
    if not devices or len({value.shape for value in values}) != 1:
        raise ValueError("values must be tensors of one shape, one for each device")
    sums = [value.clone() for value in values]
    state = [total.view(-1).tensor_split(devices) for total in sums]
    for s in range(2 * (devices - 1)):
        sent = [state[d][(d - s) % devices].clone() for d in range(devices)]
        for d in range(devices):
            own = state[(d + 1) % devices][(d - s) % devices]
            came = sent[d].to(own.device)
            own.copy_(own + came if s < devices - 1 else came)
    return sums


def sync_batch_norm(
    shards: Sequence[Tensor],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> list[Tensor]:
    """Normalise by the statistics of the whole batch, of which each device has a part.

    mu = all-reduce(sum of x) / all-reduce(m)
    s2 = all-reduce(sum of (x - mu)^2) / all-reduce(m)
    y[d] = weight * (x[d] - mu) / sqrt(s2 + eps) + bias
    """
    axes = (0, *range(2, shards[0].ndim))
    home = shards[0].device

    def total(parts):
        return torch.stack([part.to(home) for part in parts]).sum(0)

    def channels(values, like):
        return values.to(like.device).reshape(1, -1, *[1] * (like.ndim - 2))

    m = sum(x.numel() // x.shape[1] for x in shards)
    mu = total([x.sum(axes) for x in shards]) / m
    s2 = total([(x - channels(mu, x)).square().sum(axes) for x in shards]) / m
    scale = (s2 + eps).rsqrt()
    outputs = [(x - channels(mu, x)) * channels(scale, x) for x in shards]
    if weight is not None:
        outputs = [y * channels(weight, y) for y in outputs]
    return outputs if bias is None else [y + channels(bias, y) for y in outputs]


def split_conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    groups: int = 1,
    devices: int = 2,
) -> list[Tensor]:
    """Compute a convolution's output channels on several devices, equally many on each.

    y = y[0], y[1], ... side by side along the channels
    y[d] = conv2d(x[d], weight[d], bias[d])
    """
    check_split(weight.shape[0], groups, devices)
    weights = weight.chunk(devices)
    biases = [None] * devices if bias is None else bias.chunk(devices)
    inputs = [x] * devices if groups == 1 else x.chunk(devices, dim=1)
    inner = 1 if groups == 1 else groups // devices
    return [
        F.conv2d(part, w, b, stride, padding, groups=inner)
        for part, w, b in zip(inputs, weights, biases, strict=True)
    ]
