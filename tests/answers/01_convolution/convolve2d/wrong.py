"""Wrong answers to `convolve2d`, as students give them."""

import numpy as np


def accepts_any_mode(x, weight, mode="full"):
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1, ::-1])
    if mode == "full":
        return full
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def always_full(x, weight, mode="full"):
    """mode "full" whatever was asked for"""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1, ::-1])
    return full
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def always_same(x, weight, mode="full"):
    """mode "same" whatever was asked for"""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1, ::-1])
    top, left = (kH - 1) // 2, (kW - 1) // 2
    return full[top : top + H, left : left + W]


def always_valid(x, weight, mode="full"):
    """mode "valid" whatever was asked for"""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1, ::-1])
    return full[kH - 1 : H, kW - 1 : W]


def flipped_image(x, weight, mode="full"):
    """a flipped image, with the kernel as it is"""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x[::-1, ::-1], ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight)
    if mode == "full":
        return full
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def flipped_left_to_right_only(x, weight, mode="full"):
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[:, ::-1])
    if mode == "full":
        return full
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def flipped_upside_down_only(x, weight, mode="full"):
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1])
    if mode == "full":
        return full
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def not_flipped(x, weight, mode="full"):
    """a kernel that is not flipped"""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight)
    if mode == "full":
        return full
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def padded_by_the_whole_kernel(x, weight, mode="full"):
    """a full result with one row and one column of zeros too many on each side"""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1, ::-1])
    if mode == "full":
        return np.pad(full, 1)
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def padded_on_one_side(x, weight, mode="full"):
    """a full result with zeros put on one side alone"""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1, ::-1])
    if mode == "full":
        return full[:H, :W]
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def same_from_the_corner(x, weight, mode="full"):
    """a "same" that begins in the corner of the full result"""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1, ::-1])
    if mode == "full":
        return full
    if mode == "same":
        top, left = 0, 0
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def same_half_a_kernel_late(x, weight, mode="full"):
    """a "same" that begins half a kernel late"""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1, ::-1])
    if mode == "full":
        return full
    if mode == "same":
        top, left = kH // 2, kW // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def transposed(x, weight, mode="full"):
    """a kernel that is transposed in place of flipped"""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    weight = weight.T
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight)
    if mode == "full":
        return full
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]


def transposed_and_flipped(x, weight, mode="full"):
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    weight = weight.T
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1, ::-1])
    if mode == "full":
        return full
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]
