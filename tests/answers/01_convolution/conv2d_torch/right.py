"""Right answers to `conv2d_torch`, as students give them."""

import torch


def as_strided(x, weight, bias=None, stride=1, padding=0):
    sH, sW = (stride, stride) if isinstance(stride, int) else stride
    pH, pW = (padding, padding) if isinstance(padding, int) else padding
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH)).contiguous()
    N, C, H, W = x.shape
    kH, kW = weight.shape[2:]
    size = (N, C, (H - kH) // sH + 1, (W - kW) // sW + 1, kH, kW)
    steps = (C * H * W, H * W, W * sH, sW, W, 1)
    windows = torch.as_strided(x, size, steps)
    y = (windows.unsqueeze(1) * weight[:, :, None, None]).sum(dim=(2, 5, 6))
    return y if bias is None else y + bias[:, None, None]


def fft(x, weight, bias=None, stride=1, padding=0):
    sH, sW = (stride, stride) if isinstance(stride, int) else stride
    pH, pW = (padding, padding) if isinstance(padding, int) else padding
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    H, W = x.shape[2:]
    product = torch.einsum(
        "nchw,ochw->nohw", torch.fft.rfft2(x), torch.fft.rfft2(weight, (H, W)).conj()
    )
    y = torch.fft.irfft2(product, (H, W))
    y = y[:, :, : H - weight.shape[2] + 1 : sH, : W - weight.shape[3] + 1 : sW]
    return y if bias is None else y + bias[:, None, None]


def im2col(x, weight, bias=None, stride=1, padding=0):
    stride = (stride, stride) if isinstance(stride, int) else stride
    padding = (padding, padding) if isinstance(padding, int) else padding
    O, _, kH, kW = weight.shape
    columns = torch.nn.functional.unfold(x, (kH, kW), 1, padding, stride)
    H = (x.shape[2] + 2 * padding[0] - kH) // stride[0] + 1
    y = (weight.reshape(O, -1) @ columns).reshape(len(x), O, H, -1)
    return y if bias is None else y + bias.view(1, -1, 1, 1)


def loop_over_the_kernel(x, weight, bias=None, stride=1, padding=0):
    sH, sW = (stride, stride) if isinstance(stride, int) else stride
    pH, pW = (padding, padding) if isinstance(padding, int) else padding
    N, C, H, W = x.shape
    O, _, kH, kW = weight.shape
    padded = x.new_zeros(N, C, H + 2 * pH, W + 2 * pW)
    padded[:, :, pH : pH + H, pW : pW + W] = x
    H, W = (H + 2 * pH - kH) // sH + 1, (W + 2 * pW - kW) // sW + 1
    y = torch.zeros(N, O, H, W, dtype=x.dtype, device=x.device)
    for u in range(kH):
        for v in range(kW):
            part = padded[:, :, u : u + sH * H : sH, v : v + sW * W : sW][:, :, :H, :W]
            y = y + torch.tensordot(part, weight[:, :, u, v], dims=([1], [1])).movedim(-1, 1)
    if bias is not None:
        y = y + bias[None, :, None, None]
    return y


def unfold_and_einsum(x, weight, bias=None, stride=1, padding=0):
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y
