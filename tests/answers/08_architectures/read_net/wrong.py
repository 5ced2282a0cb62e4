"""Wrong answers to `read_net`, as students give them."""


def divided(layers, input_shape):
    """the size divided by the stride"""
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *(n // stride for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *(n // stride for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def last_window_forgotten(layers, input_shape):
    """sizes without the first window"""
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *((n + 2 * padding - k) // stride for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def linear_on_channels(layers, input_shape):
    """a linear layer on the channels alone"""
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *((n + 2 * padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape[:1]:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def mean_keeps_pixel(layers, input_shape):
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *((n + 2 * padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = (shape[0], 1, 1)
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def no_biases(layers, input_shape):
    """a net without biases"""
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k)
            shape = (out, *((n + 2 * padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * inputs
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def no_input_channels(layers, input_shape):
    """kernels without input channels"""
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (k * k + 1)
            shape = (out, *((n + 2 * padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def no_padding(layers, input_shape):
    """sizes that ignore the padding"""
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def padding_once(layers, input_shape):
    """padding on one side"""
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *((n + padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def pool_has_parameters(layers, input_shape):
    """pooling windows that are counted as weights"""
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *((n + 2 * padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            parameters = k * k
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def rounded_up(layers, input_shape):
    """sizes rounded up"""
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *(-(-(n + 2 * padding - k) // stride) + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *(-(-(n - k) // stride) + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def sides_not_squares(layers, input_shape):
    """kernels of k weights for each channel"""
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k + 1)
            shape = (out, *((n + 2 * padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def square(layers, input_shape):
    """the width copied from the height"""
    shape, found = (input_shape[0], input_shape[1], input_shape[1]), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *((n + 2 * padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found
