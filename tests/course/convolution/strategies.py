"""What the tests of convolution draw, how they call either twin, and when numbers agree."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import strategies as st

from course.convolution import gpu

# How far a result may be off, relative to the sum of the magnitudes of what it adds up.
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}


@dataclass
class Case:
    """A call of a convolution, in NumPy; `settings` are its keyword arguments."""

    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray | None
    settings: dict

    @property
    def arrays(self):
        return self.x, self.weight, self.bias


def values(draw, shape, dtype):
    """Numbers between -1 and 1; only their seed shrinks, since the shapes are what matters."""
    generator = np.random.default_rng(draw(st.integers(0, 2**16)))
    array = generator.uniform(-1, 1, shape).astype(dtype)
    return np.asfortranarray(array) if draw(st.booleans()) else array


def setting(draw, n, smallest, largest):
    """A setting as a caller may write it, and the same as one integer for each axis."""
    if draw(st.booleans()):
        one = draw(st.integers(smallest, largest))
        return draw(st.sampled_from([one, (one,), [one] * n])), (one,) * n
    each = tuple(draw(st.integers(smallest, largest)) for _ in range(n))
    return each, each


@st.composite
def convolutions(draw, n, dtypes=("float32", "float64"), words=True):
    """Any call of conv1d, conv2d or conv3d that fits."""
    dtype = draw(st.sampled_from(dtypes))
    groups, c, o = (draw(st.integers(1, 3)) for _ in range(3))
    batch = draw(st.sampled_from([(), (0,), (1,), (2,), (3,)]))
    kernel_size = setting(draw, n, 1, 3)[1]
    dilation, dilations = setting(draw, n, 1, 3)
    padding, pads = setting(draw, n, 0, 3)
    stride, _ = setting(draw, n, 1, 3)
    if words and draw(st.integers(0, 3)) == 0:
        padding, pads = draw(st.sampled_from(["same", "valid"])), (0,) * n
        stride = 1 if padding == "same" else stride
    extents = [d * (k - 1) + 1 for d, k in zip(dilations, kernel_size, strict=True)]
    size = [
        max(1, extent - 2 * pad) + draw(st.integers(0, 3))
        for extent, pad in zip(extents, pads, strict=True)
    ]
    return Case(
        values(draw, (*batch, groups * c, *size), dtype),
        values(draw, (groups * o, c, *kernel_size), dtype),
        values(draw, (groups * o,), dtype) if draw(st.booleans()) else None,
        {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups},
    )


@st.composite
def transposed_convolutions(draw):
    """Any call of conv_transpose2d that fits."""
    dtype = draw(st.sampled_from(["float32", "float64"]))
    groups, c, o = (draw(st.integers(1, 3)) for _ in range(3))
    batch = draw(st.sampled_from([(), (0,), (1,), (3,)]))
    kernel_size, size = (setting(draw, 2, 1, 4)[1] for _ in range(2))
    stride, strides = setting(draw, 2, 1, 3)
    dilation, dilations = setting(draw, 2, 1, 3)
    full = [
        (length - 1) * s + d * (k - 1) + 1
        for length, s, d, k in zip(size, strides, dilations, kernel_size, strict=True)
    ]
    padding = tuple(draw(st.integers(0, min(3, (length - 1) // 2))) for length in full)
    output_padding = tuple(
        draw(st.integers(0, max(s, d) - 1)) for s, d in zip(strides, dilations, strict=True)
    )
    return Case(
        values(draw, (*batch, groups * c, *size), dtype),
        values(draw, (groups * c, o, *kernel_size), dtype),
        values(draw, (groups * o,), dtype) if draw(st.booleans()) else None,
        {
            "stride": stride,
            "padding": padding,
            "output_padding": output_padding,
            "groups": groups,
            "dilation": dilation,
        },
    )


def tensor(value):
    return torch.from_numpy(value) if isinstance(value, np.ndarray) else value


def array(value):
    if isinstance(value, tuple):
        return tuple(map(array, value))
    if isinstance(value, torch.Tensor) and value.layout == torch.strided:
        return value.detach().cpu().numpy()
    return value


def run(twin, name, *args, **settings):
    """Call a function of either twin on NumPy arrays; the result is in NumPy too."""
    if twin is gpu:
        args = tuple(map(tensor, args))
    return array(getattr(twin, name)(*args, **settings))


def library(name, *args, **settings):
    """Call torch.nn.functional's function on NumPy arrays, in float64, which is the judge."""
    doubles = [a.astype(np.float64) if isinstance(a, np.ndarray) else a for a in args]
    return array(getattr(F, name)(*map(tensor, doubles), **settings))


def judge(result, name, *args, **settings):
    """Hold a result to torch.nn.functional's: its shape, its dtype, its values."""
    same_kind = getattr(F, name)(*map(tensor, args), **settings).numpy()
    assert isinstance(result, np.ndarray)
    assert (result.shape, result.dtype) == (same_kind.shape, same_kind.dtype)
    sizes = [np.abs(a) if isinstance(a, np.ndarray) else a for a in args]
    close(result, library(name, *args, **settings), library(name, *sizes, **settings))


def close(result, expected, magnitude):
    """Assert that each number is within the tolerance of its dtype.

    A sum may cancel to nearly 0: its error is measured by `magnitude`, the sum without signs.
    """
    assert result.shape == expected.shape
    off = np.abs(result.astype(np.float64) - expected)
    assert np.all(off <= TOLERANCE[str(result.dtype)] * np.abs(magnitude))
