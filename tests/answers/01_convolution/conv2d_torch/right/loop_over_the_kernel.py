import torch


def conv2d_torch(x, weight, bias=None, stride=1, padding=0):
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
