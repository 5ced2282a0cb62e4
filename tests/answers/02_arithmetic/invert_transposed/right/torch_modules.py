import torch


def invert_transposed(output_size, kernel_size, stride=1, padding=0, dilation=1):
    for n in range(1, 400):
        for extra in range(stride):
            layer = torch.nn.ConvTranspose1d(
                *(1, 1, kernel_size, stride, padding, extra),
                dilation=dilation,
                bias=False,
                device="meta",
            )
            try:
                made = layer(torch.empty(1, 1, n, device="meta")).shape[2]
            except RuntimeError:
                continue
            if made == output_size:
                return n, extra
            if made > output_size:
                raise ValueError("too small")
