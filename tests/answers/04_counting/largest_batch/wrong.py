COPIES = {"sgd": 2, "momentum": 3, "adam": 4}


def _fits(batch, optimizer="sgd"):
    if optimizer not in COPIES or batch < 1:
        raise ValueError("it does not fit")
    return batch


def _maps(channels, size, layers):
    maps = [(channels, *size)]
    for out, k, s, p in layers:
        _, H, W = maps[-1]
        maps.append((out, (H + 2 * p - k) // s + 1, (W + 2 * p - k) // s + 1))
    return maps


def _numbers(maps):
    return sum(c * h * w for c, h, w in maps)


def _learnt(channels, layers):
    total = 0
    for out, k, _, _ in layers:
        total += out * (channels * k * k + 1)
        channels = out
    return total


def every_output(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """convolutions that keep their outputs"""
    maps = _maps(in_channels, in_size, layers)
    kept = _numbers(maps) + _numbers(maps[1:])
    free = memory // itemsize - COPIES.get(optimizer, 2) * _learnt(in_channels, layers)
    return _fits(free // kept, optimizer)


def no_picture(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """a picture that is not kept"""
    kept = _numbers(_maps(in_channels, in_size, layers)[1:])
    free = memory // itemsize - COPIES.get(optimizer, 2) * _learnt(in_channels, layers)
    return _fits(free // kept, optimizer)


def inputs_only(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """a last output that is not kept"""
    kept = _numbers(_maps(in_channels, in_size, layers)[:-1])
    free = memory // itemsize - COPIES.get(optimizer, 2) * _learnt(in_channels, layers)
    return _fits(free // kept, optimizer)


def no_gradients(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """memory without the gradients"""
    kept = _numbers(_maps(in_channels, in_size, layers))
    free = memory // itemsize - (COPIES.get(optimizer, 2) - 1) * _learnt(in_channels, layers)
    return _fits(free // kept, optimizer)


def no_state(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """memory without what the optimiser remembers"""
    kept = _numbers(_maps(in_channels, in_size, layers))
    free = memory // itemsize - 2 * _learnt(in_channels, layers)
    return _fits(free // kept, optimizer)


def adam_is_momentum(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """momentum's memory for Adam"""
    kept = _numbers(_maps(in_channels, in_size, layers))
    copies = min(COPIES.get(optimizer, 2), 3)
    return _fits((memory // itemsize - copies * _learnt(in_channels, layers)) // kept, optimizer)


def sgd_remembers(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """memory of the optimiser for plain SGD too"""
    kept = _numbers(_maps(in_channels, in_size, layers))
    copies = max(COPIES.get(optimizer, 2), 3)
    return _fits((memory // itemsize - copies * _learnt(in_channels, layers)) // kept, optimizer)


def activations_alone(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """memory for what the examples need alone"""
    kept = _numbers(_maps(in_channels, in_size, layers))
    return _fits(memory // (itemsize * kept), optimizer)


def rounded_up(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """a batch that is rounded up"""
    kept = _numbers(_maps(in_channels, in_size, layers))
    free = memory // itemsize - COPIES.get(optimizer, 2) * _learnt(in_channels, layers)
    return _fits(-(-free // kept), optimizer)


def float32_always(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    kept = _numbers(_maps(in_channels, in_size, layers))
    free = memory // 4 - COPIES.get(optimizer, 2) * _learnt(in_channels, layers)
    return _fits(free // kept, optimizer)


def no_depth(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """kernels without depth"""
    kept = _numbers(_maps(in_channels, in_size, layers))
    learnt = sum(out * (k * k + 1) for out, k, _, _ in layers)
    free = memory // itemsize - COPIES.get(optimizer, 2) * learnt
    return _fits(free // kept, optimizer)


def no_biases(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """layers without biases"""
    kept = _numbers(_maps(in_channels, in_size, layers))
    learnt = _learnt(in_channels, layers) - sum(out for out, *_ in layers)
    free = memory // itemsize - COPIES.get(optimizer, 2) * learnt
    return _fits(free // kept, optimizer)


def padding_once(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    """a padding that is counted once"""
    maps = [(in_channels, *in_size)]
    for out, k, s, p in layers:
        _, H, W = maps[-1]
        maps.append((out, (H + p - k) // s + 1, (W + p - k) // s + 1))
    free = memory // itemsize - COPIES.get(optimizer, 2) * _learnt(in_channels, layers)
    return _fits(free // _numbers(maps), optimizer)


def gives_zero(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    kept = _numbers(_maps(in_channels, in_size, layers))
    free = memory // itemsize - COPIES[optimizer] * _learnt(in_channels, layers)
    return max(free // kept, 0)
