DIAGNOSIS = "a padding that is ignored"


def invert_transposed(output_size, kernel_size, stride=1, padding=0, dilation=1):
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size - dilation * (kernel_size - 1) - 1
    return behind // stride + 1, behind % stride
