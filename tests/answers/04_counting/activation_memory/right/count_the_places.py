def activation_memory(
    in_size, out_channels, kernel_size, stride=1, padding=0, batch_size=1, itemsize=4
):
    total = 2 * itemsize * batch_size * out_channels
    for n in in_size:
        total *= len(range(0, n + 2 * padding - kernel_size + 1, stride))
    return total
