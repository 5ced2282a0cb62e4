def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    n, c, h, w = seen.shape
    return (weight @ seen.reshape(n, c, h * w)).reshape(n, len(weight), h, w)
