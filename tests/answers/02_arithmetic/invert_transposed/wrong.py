"""Wrong answers to `invert_transposed`, as students give them."""


def divided_by_stride(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """an output size divided by the stride"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size
    return divmod(behind, stride)


def extent_d_times_k(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """a window of d * k pixels"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - dilation * kernel_size
    return behind // stride + 1, behind % stride


def forgot_last_tap(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """a window of d * (k - 1) pixels"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - dilation * (kernel_size - 1)
    return behind // stride + 1, behind % stride


def forgot_to_add_one(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """a count of the steps instead of the pixels"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - dilation * (kernel_size - 1) - 1
    return divmod(behind, stride)


def formula_forwards(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """the size that the transposed layer makes of its output"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = (output_size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + 1
    return behind, 0


def missing_to_next_step(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """the pixels that are missing to the next step as output_padding"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - dilation * (kernel_size - 1) - 1
    return behind // stride + 1, -behind % stride


def never_refuses(output_size, kernel_size, stride=1, padding=0, dilation=1):
    if kernel_size < 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - dilation * (kernel_size - 1) - 1
    return behind // stride + 1, behind % stride


def no_dilation(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """a dilation that is ignored"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - kernel_size
    return behind // stride + 1, behind % stride


def no_output_padding(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """an output_padding that is always 0"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - dilation * (kernel_size - 1) - 1
    return behind // stride + 1, 0


def no_padding(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """a padding that is ignored"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size - dilation * (kernel_size - 1) - 1
    return behind // stride + 1, behind % stride


def no_stride(output_size, kernel_size, stride=1, padding=0, dilation=1):
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - dilation * (kernel_size - 1) - 1
    return behind + 1, 0


def padding_once(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """a padding that is counted once"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + padding - dilation * (kernel_size - 1) - 1
    return behind // stride + 1, behind % stride


def padding_subtracted(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """a padding with its sign turned"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size - 2 * padding - dilation * (kernel_size - 1) - 1
    return behind // stride + 1, behind % stride


def remainder_of_output_size(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """the remainder of the output size itself as output_padding"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - dilation * (kernel_size - 1) - 1
    return behind // stride + 1, output_size % stride


def result_swapped(output_size, kernel_size, stride=1, padding=0, dilation=1):
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - dilation * (kernel_size - 1) - 1
    return behind % stride, behind // stride + 1


def rounded_up(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """an input size rounded up"""
    if output_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("no input has this output size")
    behind = output_size + 2 * padding - dilation * (kernel_size - 1) - 1
    return -(-behind // stride) + 1, -behind % stride
