"""Wrong answers to the net of Ada Lovelace: 3 channels, 31 x 39, batches of 22.

Layer 0: 20 kernels of 5 x 7, no biases; layer 4: 24 kernels in 4 groups; 11 classes.
"""


def _answer(conv, norm, grouped, total=None, features=1920, macs=86400, output=563200):
    if total is None:
        total = conv + norm + grouped + 11 * (features + 1)
    return {
        "name": "Ada Lovelace",
        **{"conv": conv, "norm": norm, "grouped": grouped, "parameters": total},
        **{"in_features": features, "multiply_adds": macs, "bytes": output},
    }


def no_depth():
    """a count without the input channels"""
    return _answer(20 * 5 * 7, 40, 24 * 9 + 24, macs=24 * 9 * 80)


def biases_that_are_not_there():
    """a count with biases in layer 0"""
    return _answer(2120, 40, 1104)


def only_the_factor():
    """a batch norm that learns one number for each channel"""
    return _answer(2100, 20, 1104)


def running_statistics():
    """a batch norm whose running statistics are learnt"""
    return _answer(2100, 80, 1104)


def norm_is_no_layer():
    """a batch norm that learns nothing"""
    return _answer(2100, 0, 1104)


def no_groups():
    """a layer 4 without groups"""
    return _answer(2100, 40, 24 * 20 * 9 + 24, macs=24 * 20 * 9 * 80)


def no_bias_in_the_grouped():
    """a layer 4 without biases"""
    return _answer(2100, 40, 1080)


def no_bias_at_the_end():
    """a last layer without biases"""
    return _answer(2100, 40, 1104, 2100 + 40 + 1104 + 11 * 1920)


def padding_on_one_side():
    """a padding that is counted on one side"""
    # (31 + 2 - 5) // 2 + 1 = 15 and (39 + 3 - 7) // 2 + 1 = 18, pooled to 7 x 9
    return _answer(2100, 40, 1104, features=24 * 63, macs=1080 * 63, output=22 * 20 * 270 * 4)


def no_pooling():
    """a net without its pooling"""
    return _answer(2100, 40, 1104, features=24 * 320, macs=1080 * 320)


def a_square_kernel():
    """square kernels in layer 0"""
    return _answer(20 * 3 * 25, 40, 1104)


def of_one_picture():
    """an output of one picture"""
    return _answer(2100, 40, 1104, output=563200 // 22)


def values():
    """a number of values in place of bytes"""
    return _answer(2100, 40, 1104, output=563200 // 4)


def a_guess():
    return _answer(2000, 64, 1000, 20000)
