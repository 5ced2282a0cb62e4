import torch


def conv2d_torch(x, weight, bias=None, stride=1, padding=0):
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
