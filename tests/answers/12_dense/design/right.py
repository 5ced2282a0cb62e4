def _conv(channels, kernel_size=3, dilation=1, activation="ReLU"):
    padding = dilation * (kernel_size // 2)
    options = {"out_channels": channels, "kernel_size": kernel_size}
    options |= {"padding": padding, "dilation": dilation}
    return [("Conv2d", options), ("BatchNorm2d", {}), (activation, {})]


_VOTE = [("Conv2d", {"out_channels": 2, "kernel_size": 1})]


def straight():
    return _conv(12) * 4 + _VOTE


def dilated():
    return _conv(12) + _conv(12, dilation=2) + _conv(12, dilation=4) + _conv(12) + _VOTE


def down_and_up():
    layers = _conv(8) + [("MaxPool2d", {"kernel_size": 2})] + _conv(16) + _conv(16)
    layers += [("Upsample", {"scale_factor": 2}), ("Concat", {"layer": 2})]
    return layers + _conv(8) + _VOTE


def elu_in_five_layers():
    return _conv(11, activation="ELU") * 5 + _VOTE
