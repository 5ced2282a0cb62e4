"""A residual block in NumPy, forward and backward, and the Jacobians of stacks of layers."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from course.arguments import expect_shape, integers, rank, same_dtype
from course.convolution.reference import conv2d, conv2d_backward

# Blocks in each of the four stages, and convolutions in a block.
# Source: He et al., "Deep residual learning for image recognition" (2015), table 1.
STAGES = {
    18: ((2, 2, 2, 2), 2),
    34: ((3, 4, 6, 3), 2),
    50: ((3, 4, 6, 3), 3),
    101: ((3, 4, 23, 3), 3),
    152: ((3, 8, 36, 3), 3),
}


def layers_by_stage(depth: int) -> tuple[int, ...]:
    """Count the layers with weights: first convolution, four stages, classifier.

        depth = 1 + sum over stages of blocks * convolutions + 1

    Projection shortcuts are not counted, as in the paper.

    Args:
        depth: 18, 34, 50, 101 or 152.

    Returns:
        Six integers that sum to `depth`: (1, 9, 12, 18, 9, 1) for 50.

    Source: He et al. (2015), table 1.
    """
    if depth not in STAGES:
        raise ValueError(f"depth must be one of {', '.join(map(str, STAGES))}, got {depth!r}")
    blocks, convolutions = STAGES[depth]
    return (1, *(n * convolutions for n in blocks), 1)


def shortcut(
    x: ndarray, out_channels: int, stride: int = 1, weight: ndarray | None = None
) -> ndarray:
    """Carry the input of a block past it, in the shape that the block's output has.

        weight None, same shape:   s[n, c, i, j] = x[n, c, i, j]
        weight None, new shape:    s[n, c, i, j] = x[n, c, stride * i, stride * j] where c < C,
                                   else 0                                       (option A)
        weight given:              s = conv2d(x, weight, stride=stride)         (option B)

    Args:
        x: (N, C, H, W).
        out_channels: C_out of the block; at least C without a weight.
        stride: the block's stride.
        weight: (C_out, C, 1, 1), a projection, or None.

    Returns:
        (N, C_out, ceil(H / stride), ceil(W / stride)).

    Source: He et al. (2015), section 3.3.
    """
    rank("x", x, ["(N, C, H, W)"])
    stride_h, stride_w = integers("stride", stride, 2, minimum=1)
    if weight is not None:
        expect_shape(
            "weight_shortcut", weight, (out_channels, x.shape[1], 1, 1), "(C_out, C, 1, 1)"
        )
        return conv2d(x, weight, stride=stride)
    if out_channels < x.shape[1]:
        raise ValueError(
            f"out_channels must be at least {x.shape[1]}, the channels of x, where the shortcut "
            f"has no weight, got {out_channels}"
        )
    seen = x[:, :, ::stride_h, ::stride_w]
    return np.pad(seen, ((0, 0), (0, out_channels - x.shape[1]), (0, 0), (0, 0)))


def shortcut_backward(
    grad_output: ndarray, x: ndarray, stride: int = 1, weight: ndarray | None = None
) -> tuple[ndarray, ndarray | None]:
    """Route the gradient of `shortcut` back: to the pixels read, or through the projection.

    Args:
        grad_output: the shape of `shortcut`'s result.
        x, stride, weight: as in the forward pass.

    Returns:
        (grad_x, grad_weight); grad_weight is None without a weight.
    """
    if weight is not None:
        grad_x, grad_weight, _ = conv2d_backward(grad_output, x, weight, stride=stride)
        return grad_x, grad_weight
    stride_h, stride_w = integers("stride", stride, 2, minimum=1)
    grad_x = np.zeros_like(x)
    grad_x[:, :, ::stride_h, ::stride_w] = grad_output[:, : x.shape[1]]
    return grad_x, None


def residual_block(
    x: ndarray,
    weight1: ndarray,
    weight2: ndarray,
    weight_shortcut: ndarray | None = None,
    stride: int = 1,
    activation: str = "post",
) -> ndarray:
    """Two convolutions and a shortcut: the block learns F(x) = H(x) - x instead of H(x).

        post:  y = relu(F + s),  F = conv(relu(conv(x, weight1)), weight2)
        pre:   y = F + s,        F = conv(relu(conv(relu(x), weight1)), weight2)

    s is `shortcut(x, ...)`. The first convolution has the stride; both are padded to keep the size.
    Batch norm is left out: it would stand after each convolution (post) or before each ReLU (pre).

    Args:
        x: (N, C, H, W).
        weight1: (C_mid, C, k, k), k odd.
        weight2: (C_out, C_mid, k, k), k odd.
        weight_shortcut: (C_out, C, 1, 1), or None for the shortcut without parameters.
        stride: of the first convolution and of the shortcut.
        activation: "post" (He et al., 2015) or "pre" (He et al., 2016).

    Returns:
        (N, C_out, ceil(H / stride), ceil(W / stride)).

    Raises:
        ValueError: shapes do not fit, dtypes differ, an even kernel, an unknown activation.

    Source: He et al., "Deep residual learning for image recognition" (2015), equations 1 and 2;
    He et al., "Identity mappings in deep residual networks" (2016), figure 1.
    """
    _, _, _, total = _forward(x, weight1, weight2, weight_shortcut, stride, activation)
    return np.maximum(total, 0) if activation == "post" else total


def residual_block_backward(
    grad_output: ndarray,
    x: ndarray,
    weight1: ndarray,
    weight2: ndarray,
    weight_shortcut: ndarray | None = None,
    stride: int = 1,
    activation: str = "post",
) -> tuple[ndarray, ndarray, ndarray, ndarray | None]:
    """Send the gradient through both ways of `residual_block` and add what arrives at x.

        grad_x = (dF/dx)^T g + (ds/dx)^T g,    g = grad_output where the last ReLU let pass

    The second term is the point: it reaches x whatever the weights are.

    Args:
        grad_output: (N, C_out, H_out, W_out), dE/dy.
        x, weight1, weight2, weight_shortcut, stride, activation: as in the forward pass.

    Returns:
        (grad_x, grad_weight1, grad_weight2, grad_weight_shortcut), the last None without a weight.
    """
    first, hidden, middle, total = _forward(
        x, weight1, weight2, weight_shortcut, stride, activation
    )
    expect_shape("grad_output", grad_output, total.shape, "that of the forward output")
    grad_total = grad_output * (total > 0) if activation == "post" else grad_output

    # The way through the two convolutions, from the last to the first.
    grad_middle, grad_weight2, _ = conv2d_backward(
        grad_total, middle, weight2, padding=_same(weight2)
    )
    grad_hidden = grad_middle * (hidden > 0)
    grad_first, grad_weight1, _ = conv2d_backward(
        grad_hidden, first, weight1, stride=stride, padding=_same(weight1)
    )
    if activation == "pre":
        grad_first = grad_first * (x > 0)

    grad_s, grad_weight_shortcut = shortcut_backward(grad_total, x, stride, weight_shortcut)
    return grad_first + grad_s, grad_weight1, grad_weight2, grad_weight_shortcut


def stack(x: ndarray, weights: ndarray, shortcut: bool = False) -> ndarray:
    """Run a vector through fully-connected layers, with or without a shortcut around each.

        plain:     x[l + 1] = relu(W[l] x[l])
        residual:  x[l + 1] = x[l] + relu(W[l] x[l])

    Args:
        x: (D,), the input x[0].
        weights: (L, D, D).
        shortcut: whether each layer has one.

    Returns:
        (L + 1, D): x[0] to x[L].
    """
    _check_stack(x, weights)
    states = [x]
    for weight in weights:
        f = np.maximum(weight @ states[-1], 0)
        states.append(states[-1] + f if shortcut else f)
    return np.stack(states)


def jacobian_product(x: ndarray, weights: ndarray, shortcut: bool = False) -> ndarray:
    """How the stack's output depends on each layer's input: a product of one Jacobian per layer.

        plain:     J[l] = D[l] W[l]          D[l] = diag(W[l] x[l] > 0)
        residual:  J[l] = I + D[l] W[l]
        P[l] = dx[L]/dx[l] = J[L-1] ... J[l+1] J[l],    P[L] = I

    A product of many D W shrinks or grows exponentially; with I + D W one term of the expanded
    product is I, whatever the depth.

    Args:
        x: (D,).
        weights: (L, D, D).
        shortcut: whether each layer has one.

    Returns:
        (L + 1, D, D): P[0] to P[L].
    """
    states = stack(x, weights, shortcut)
    identity = np.eye(len(x), dtype=x.dtype)
    products = [identity]
    for weight, state in zip(weights[::-1], states[-2::-1], strict=True):
        jacobian = (weight @ state > 0)[:, None] * weight
        if shortcut:
            jacobian = identity + jacobian
        products.append(products[-1] @ jacobian)
    return np.stack(products[::-1])


def _forward(x, weight1, weight2, weight_shortcut, stride, activation):
    """The input of the first convolution, its output, the input of the second, F + s."""
    if activation not in ("post", "pre"):
        raise ValueError(f'activation must be "post" or "pre", got {activation!r}')
    rank("x", x, ["(N, C, H, W)"])
    same_dtype(x=x, weight1=weight1, weight2=weight2, weight_shortcut=weight_shortcut)
    for name, weight in (("weight1", weight1), ("weight2", weight2)):
        rank(name, weight, ["(C_out, C_in, k, k)"])
        if any(k % 2 == 0 for k in weight.shape[2:]):
            raise ValueError(
                f"{name} must have odd kernel sizes, which keep the size, got {weight.shape[2:]}"
            )
    first = np.maximum(x, 0) if activation == "pre" else x
    hidden = conv2d(first, weight1, stride=stride, padding=_same(weight1))
    middle = np.maximum(hidden, 0)
    f = conv2d(middle, weight2, padding=_same(weight2))
    return first, hidden, middle, f + shortcut(x, len(weight2), stride, weight_shortcut)


def _same(weight):
    """The padding that keeps the size with an odd kernel and stride 1."""
    return tuple(k // 2 for k in weight.shape[2:])


def _check_stack(x, weights):
    rank("x", x, ["(D)"])
    rank("weights", weights, ["(L, D, D)"])
    expect_shape("weights", weights, (len(weights), len(x), len(x)), "(L, D, D) with x of (D,)")
    same_dtype(x=x, weights=weights)
