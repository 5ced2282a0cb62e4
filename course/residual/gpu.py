"""The torch twins of the reference: a residual block, and the Jacobians of stacks of layers."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def shortcut(x: Tensor, out_channels: int, stride: int = 1, weight: Tensor | None = None) -> Tensor:
    """Carry the input of a block past it: the twin of `reference.shortcut`.

    Args:
        x: (N, C, H, W).
        out_channels: C_out of the block; at least C without a weight.
        stride: the block's stride, an integer or a pair.
        weight: (C_out, C, 1, 1), a projection, or None: subsample and pad with zero channels.

    Returns:
        (N, C_out, ceil(H / stride), ceil(W / stride)).
    """
    if weight is not None:
        return F.conv2d(x, weight, stride=stride)
    if out_channels < x.shape[1]:
        raise ValueError(
            f"out_channels must be at least {x.shape[1]}, the channels of x, where the shortcut "
            f"has no weight, got {out_channels}"
        )
    stride_h, stride_w = (stride, stride) if isinstance(stride, int) else stride
    return F.pad(x[:, :, ::stride_h, ::stride_w], (0, 0, 0, 0, 0, out_channels - x.shape[1]))


def residual_block(
    x: Tensor,
    weight1: Tensor,
    weight2: Tensor,
    weight_shortcut: Tensor | None = None,
    stride: int = 1,
    activation: str = "post",
) -> Tensor:
    """Two convolutions and a shortcut: the twin of `reference.residual_block`.

    Args:
        x: (N, C, H, W).
        weight1: (C_mid, C, k, k), k odd.
        weight2: (C_out, C_mid, k, k), k odd.
        weight_shortcut: (C_out, C, 1, 1), or None for the shortcut without parameters.
        stride: of the first convolution and of the shortcut.
        activation: "post" (He et al., 2015) or "pre" (He et al., 2016).

    Returns:
        (N, C_out, ceil(H / stride), ceil(W / stride)).
    """
    if activation not in ("post", "pre"):
        raise ValueError(f'activation must be "post" or "pre", got {activation!r}')
    for name, weight in (("weight1", weight1), ("weight2", weight2)):
        if any(k % 2 == 0 for k in weight.shape[2:]):
            raise ValueError(
                f"{name} must have odd kernel sizes, which keep the size, "
                f"got {tuple(weight.shape[2:])}"
            )
    padding1, padding2 = (tuple(k // 2 for k in w.shape[2:]) for w in (weight1, weight2))
    first = x.relu() if activation == "pre" else x
    f = F.conv2d(first, weight1, stride=stride, padding=padding1).relu()
    f = F.conv2d(f, weight2, padding=padding2)
    y = f + shortcut(x, len(weight2), stride, weight_shortcut)
    return y.relu() if activation == "post" else y


def stack(x: Tensor, weights: Tensor, shortcut: bool = False) -> Tensor:
    """Run a vector through fully-connected layers: the twin of `reference.stack`.

    Args:
        x: (D,).
        weights: (L, D, D).
        shortcut: whether each layer has one.

    Returns:
        (L + 1, D): the states x[0] to x[L].
    """
    states = [x]
    for weight in weights:
        f = (weight @ states[-1]).relu()
        states.append(states[-1] + f if shortcut else f)
    return torch.stack(states)


def jacobian_product(x: Tensor, weights: Tensor, shortcut: bool = False) -> Tensor:
    """How the stack's output depends on each layer's input: the twin of the reference's.

    Args:
        x: (D,).
        weights: (L, D, D).
        shortcut: whether each layer has one.

    Returns:
        (L + 1, D, D): dx[L]/dx[l] for l from 0 to L.
    """
    states = stack(x, weights, shortcut)[:-1]
    identity = torch.eye(len(x), dtype=x.dtype, device=x.device)
    jacobians = (torch.einsum("lij,lj->li", weights, states) > 0).unsqueeze(-1) * weights
    if shortcut:
        jacobians = identity + jacobians
    products = [identity]
    for jacobian in jacobians.flip(0):
        products.append(products[-1] @ jacobian)
    return torch.stack(products[::-1])
