def pixels(layers, i):
    seen = {i}
    for k, s, p, d in layers[::-1]:
        seen = {j * s + t * d - p for j in seen for t in range(k)}
    return seen


def receptive_field(layers):
    zero, one = pixels(layers, 0), pixels(layers, 1)
    return max(zero) - min(zero) + 1, min(one) - min(zero), min(zero)
