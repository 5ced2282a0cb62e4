DIAGNOSIS = "a count without the activation's output"


def activation_memory(
    in_size, out_channels, kernel_size, stride=1, padding=0, batch_size=1, itemsize=4
):
    H, W = in_size
    H_out = (H + 2 * padding - kernel_size) // stride + 1
    W_out = (W + 2 * padding - kernel_size) // stride + 1
    values = batch_size * out_channels * H_out * W_out
    return values * itemsize
