DIAGNOSIS = "sizes without the first window"


def read_net(layers, input_shape):
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
