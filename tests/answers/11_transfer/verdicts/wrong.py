import statistics


def _by(scratch, transferred, of):
    found = {}
    for n in scratch:
        a, b = of(scratch[n]), of(transferred[n])
        found[n] = (b > a) - (b < a)
    return found


def means(scratch, transferred):
    """the means alone"""
    return _by(scratch, transferred, statistics.fmean)


def medians(scratch, transferred):
    """the medians alone"""
    return _by(scratch, transferred, statistics.median)


def best(scratch, transferred):
    """the best runs alone"""
    return _by(scratch, transferred, max)


def worst(scratch, transferred):
    """the worst runs alone"""
    return _by(scratch, transferred, min)


def touching(scratch, transferred):
    """ranges that touch taken for apart"""
    found = {}
    for n, values in scratch.items():
        if min(transferred[n]) >= max(values):
            found[n] = 1
        else:
            found[n] = -1 if max(transferred[n]) <= min(values) else 0
    return found


def exchanged(scratch, transferred):
    """scratch and transfer exchanged"""
    found = {}
    for n, values in scratch.items():
        above, below = min(transferred[n]) > max(values), max(transferred[n]) < min(values)
        found[n] = int(below) - int(above)
    return found


def pairs(scratch, transferred):
    """seed by seed"""
    found = {}
    for n, values in scratch.items():
        signs = [(b > a) - (b < a) for a, b in zip(values, transferred[n])]
        found[n] = signs[0] if len(set(signs)) == 1 else 0
    return found


def first_seed(scratch, transferred):
    """the first seed alone"""
    return _by(scratch, transferred, lambda values: values[0])


def gains_alone(scratch, transferred):
    """no loss ever"""
    return {n: int(min(transferred[n]) > max(v)) for n, v in scratch.items()}


def losses_alone(scratch, transferred):
    """no gain ever"""
    return {n: -int(max(transferred[n]) < min(v)) for n, v in scratch.items()}


def mean_outside(scratch, transferred):
    """a mean outside of the other's range"""
    found = {}
    for n, values in scratch.items():
        a, b = statistics.fmean(values), statistics.fmean(transferred[n])
        up, down = b > max(values), a > max(transferred[n])
        found[n] = up - down
    return found


def else_below(scratch, transferred):
    return {n: 1 if min(transferred[n]) > max(scratch[n]) else -1 for n in scratch}


def like_with_like(scratch, transferred):
    found = {}
    for n, runs in scratch.items():
        above = min(transferred[n]) > min(runs)
        found[n] = 1 if above else -1 if max(transferred[n]) < max(runs) else 0
    return found
