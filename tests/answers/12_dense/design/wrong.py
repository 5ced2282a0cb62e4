def _conv(channels, kernel_size=3, stride=1, activation="ReLU", norm=True):
    options = {"out_channels": channels, "kernel_size": kernel_size}
    options |= {"padding": kernel_size // 2, "stride": stride}
    norms = [("BatchNorm2d", {})] if norm else []
    return [("Conv2d", options), *norms, *([(activation, {})] if activation else [])]


_VOTE = [("Conv2d", {"out_channels": 2, "kernel_size": 1})]


def wide():
    """a net that is too large"""
    return _conv(32) * 2 + _VOTE


def rectified_scores():
    """an activation at the end"""
    return _conv(12) * 4 + _VOTE + [("ReLU", {})]


def linear():
    """a net without an activation"""
    return _conv(12, activation=None) * 4 + _VOTE


def one_convolution():
    """a net whose pixels see too little"""
    return _conv(24) + _VOTE


def two_convolutions():
    """a net whose pixels see too little"""
    return _conv(20) * 2 + _VOTE


def pointwise():
    """a net whose pixels see too little"""
    return _conv(32, kernel_size=1) * 4 + _VOTE


def pooled():
    """a net that pools and has no skip"""
    layers = _conv(8) + [("AvgPool2d", {"kernel_size": 2})] + _conv(16)
    return layers + [("Upsample", {"scale_factor": 2})] + _conv(8) + _VOTE


def strided():
    """a net of strides without a skip"""
    layers = _conv(12, stride=2) + _conv(12) * 2
    grow = {"out_channels": 12, "kernel_size": 2, "stride": 2}
    return layers + [("ConvTranspose2d", grow)] + _VOTE


def logistic_units():
    """a net of logistic units"""
    return _conv(12, activation="Sigmoid") * 4 + _VOTE


def strong_dropout():
    """a dropout that is too strong for so short a training"""
    return (_conv(12) + [("Dropout2d", {})]) * 4 + _VOTE


def narrow():
    """a net that is too narrow"""
    return _conv(4) * 4 + _VOTE


def no_norm():
    """a net without a norm"""
    return _conv(12, norm=False) * 4 + _VOTE
