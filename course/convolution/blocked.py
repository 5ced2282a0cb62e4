"""A batch convolved a few pictures at a time, so that the columns stay small."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course.arguments import Size
from course.convolution import layout
from course.convolution.gpu import conv2d


def conv2d_blocked(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
    max_bytes: int = 2**24,
) -> Tensor:
    """Do what `conv2d` does, a few pictures at a time, so that the columns stay small.

    The columns of a batch of 256 can take more memory than the net. Columns that fit in the
    processor's cache are also multiplied faster than columns that come from memory.

    Args:
        x: (N, C_in, H, W).
        weight, bias, stride, padding, dilation, groups: as for `conv2d`.
        max_bytes: the most that the columns take at once; those of one picture they take always.

    Returns:
        (N, C_out, H_out, W_out).
    """
    s = layout.convolution(Tensor, 2, x, weight, bias, stride, padding, dilation, groups)
    one = math.prod(s.columns[1:]) * x.element_size()
    blocks = x.reshape(s.x[0], *x.shape[-3:]).split(max(1, max_bytes // one))
    ys = [conv2d(block, weight, bias, stride, padding, dilation, groups) for block in blocks]
    return torch.cat(ys).reshape(s.output)
