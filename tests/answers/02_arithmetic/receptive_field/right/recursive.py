def receptive_field(layers):
    if not layers:
        return 1, 1, 0
    *before, (k, s, p, d) = layers
    size, jump, start = receptive_field(before)
    return size + (k - 1) * d * jump, jump * s, start - p * jump
