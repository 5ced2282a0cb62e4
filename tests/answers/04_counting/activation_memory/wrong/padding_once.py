DIAGNOSIS = "a padding that is counted once"


def activation_memory(
    in_size, out_channels, kernel_size, stride=1, padding=0, batch_size=1, itemsize=4
):
    H, W = in_size
    H_out = (H + padding - kernel_size) // stride + 1
    W_out = (W + padding - kernel_size) // stride + 1
    values = batch_size * out_channels * H_out * W_out
    return 2 * values * itemsize
