DIAGNOSIS = None


def receptive_field(layers):
    size, jump, centre = 1, 1, 0.5
    for k, s, p, d in layers:
        size += (k - 1) * d * jump
        centre += ((k - 1) * d / 2 - p) * jump
        jump *= s
    return size, jump, centre
