"""The ring with a mistake; each docstring is what the student must be told."""

import numpy as np


def _run(values, chunk, to, adds, steps):
    n = len(values)
    states = [values.copy()]
    for s in range(steps):
        after = states[-1].copy()
        for d in range(n):
            c, r = chunk(d, s) % n, to(d) % n
            after[r, c] = states[-1][d, c] + (states[-1][r, c] if adds(s) else 0)
        states.append(after)
    return np.array(states)


def to_the_left(values):
    """a ring that runs the other way"""
    n = len(values)
    return _run(values, lambda d, s: d - s, lambda d: d - 1, lambda s: s < n - 1, 2 * n - 2)


def own_chunk_only(values):
    """the same chunk sent in every step"""
    n = len(values)
    return _run(values, lambda d, s: d, lambda d: d + 1, lambda s: s < n - 1, 2 * n - 2)


def plus(values):
    """chunks taken forwards"""
    n = len(values)
    return _run(values, lambda d, s: d + s, lambda d: d + 1, lambda s: s < n - 1, 2 * n - 2)


def chunk_by_chunk(values):
    """one chunk of all devices in each step"""
    n = len(values)
    return _run(values, lambda d, s: s, lambda d: d + 1, lambda s: s < n - 1, 2 * n - 2)


def always_added(values):
    """additions to the end"""
    n = len(values)
    return _run(values, lambda d, s: d - s, lambda d: d + 1, lambda s: True, 2 * n - 2)


def never_added(values):
    """no additions"""
    n = len(values)
    return _run(values, lambda d, s: d - s, lambda d: d + 1, lambda s: False, 2 * n - 2)


def off_by_one(values):
    """one addition too many"""
    n = len(values)
    return _run(values, lambda d, s: d - s, lambda d: d + 1, lambda s: s <= n - 1, 2 * n - 2)


def half_way(values):
    """the first half alone"""
    n = len(values)
    return _run(values, lambda d, s: d - s, lambda d: d + 1, lambda s: True, n - 1)


def twice_d(values):
    """two steps too many"""
    n = len(values)
    return _run(values, lambda d, s: d - s, lambda d: d + 1, lambda s: s < n - 1, 2 * n)


def given_away(values):
    """a sender that loses its chunk"""
    n = len(values)
    states = [values.copy()]
    for s in range(2 * n - 2):
        before, after = states[-1], states[-1].copy()
        for d in range(n):
            c, r = (d - s) % n, (d + 1) % n
            after[r, c] = before[r, c] + before[d, c] if s < n - 1 else before[d, c]
            after[d, c] = 0
        states.append(after)
    return np.array(states)


def without_the_start(values):
    """states without the first one"""
    n = len(values)
    states = _run(values, lambda d, s: d - s, lambda d: d + 1, lambda s: s < n - 1, 2 * n - 2)
    return states[1:] if n > 1 else states


def no_copies(values):
    """the last state every time"""
    now, n, states = values.copy(), len(values), []
    states.append(now)
    for s in range(2 * n - 2):
        for d in range(n):
            c, r = (d - s) % n, (d + 1) % n
            now[r, c] = now[r, c] + now[d, c] if s < n - 1 else now[d, c]
        states.append(now)
    return np.array(states)


def sums_at_once(values):
    """the sums after one step"""
    n = len(values)
    total = np.tile(values.sum(axis=0), (n, 1))
    return np.array([values] + [total] * (2 * n - 2))


def only_the_end(values):
    """the last state alone"""
    return np.tile(values.sum(axis=0), (len(values), 1))
