COPIES = {"sgd": 2, "momentum": 3, "adam": 4}


def counting_up(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    if optimizer not in ("sgd", "momentum", "adam"):
        raise ValueError(optimizer)
    copies = COPIES[optimizer]
    maps, weights, channels = [(in_channels, *in_size)], 0, in_channels
    for out, k, s, p in layers:
        weights += out * channels * k * k + out
        _, rows, columns = maps[-1]
        maps.append((out, 1 + (rows + 2 * p - k) // s, 1 + (columns + 2 * p - k) // s))
        channels = out
    one = sum(c * h * w for c, h, w in maps) * itemsize
    need, step, batch = copies * weights * itemsize, 1 << 40, 0
    while step:
        if need + (batch + step) * one <= memory:
            batch += step
        step >>= 1
    if not batch:
        raise ValueError("too small")
    return batch


def ask_torch(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    import torch

    if optimizer not in COPIES:
        raise ValueError(optimizer)
    x = torch.empty(1, in_channels, *in_size, device="meta")
    kept, learnt = [x.numel()], 0
    for out, k, s, p in layers:
        conv = torch.nn.Conv2d(x.shape[1], out, k, s, p, device="meta")
        learnt += conv.weight.numel() + conv.bias.numel()
        x = torch.relu(conv(x))
        kept.append(x.numel())
    free = memory - COPIES[optimizer] * learnt * itemsize
    if free < sum(kept) * itemsize:
        raise ValueError("nothing fits")
    return free // (sum(kept) * itemsize)


def by_divmod(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    extra = ["sgd", "momentum", "adam"].index(optimizer)
    sizes, depths = [tuple(in_size)], [in_channels]
    for out, k, s, p in layers:
        sizes.append(tuple((n - k + 2 * p) // s + 1 for n in sizes[-1]))
        depths.append(out)
    learnt = sum(depths[i + 1] * (depths[i] * layers[i][1] ** 2 + 1) for i in range(len(layers)))
    a = sum(d * h * w for d, (h, w) in zip(depths, sizes, strict=True))
    batch, _ = divmod(memory - (2 + extra) * learnt * itemsize, a * itemsize)
    if batch <= 0:
        raise ValueError("memory")
    return batch


def recursive(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    if optimizer not in COPIES:
        raise ValueError("optimizer")

    def count(channels, size, rest):
        here = channels * size[0] * size[1]
        if not rest:
            return 0, here
        (out, k, s, p), *others = rest
        weights, kept = count(out, [(n + 2 * p - k) // s + 1 for n in size], others)
        return weights + out * (channels * k * k + 1), kept + here

    weights, kept = count(in_channels, in_size, list(layers))
    numbers = memory // itemsize - COPIES[optimizer] * weights
    if numbers < kept:
        raise ValueError("memory")
    return numbers // kept
