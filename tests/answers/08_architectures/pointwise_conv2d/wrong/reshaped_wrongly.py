DIAGNOSIS = "the channels of a place read as if they lay behind one another"


def pointwise_conv2d(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    n, c, h, w = x.shape
    y = x.reshape(n * h * w, c) @ weight.T
    return y.reshape(n, len(weight), h, w)
