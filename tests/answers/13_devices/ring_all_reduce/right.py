"""The ring, as students write it."""

import numpy as np


def two_loops(values):
    d_max = values.shape[0]
    history = [values.copy()]
    now = values.copy()
    for s in range(d_max - 1):
        new = now.copy()
        for d in range(d_max):
            c = (d - s) % d_max
            new[(d + 1) % d_max, c] = now[(d + 1) % d_max, c] + now[d, c]
        now = new
        history.append(now)
    for s in range(d_max - 1, 2 * d_max - 2):
        new = now.copy()
        for d in range(d_max):
            c = (d - s) % d_max
            new[(d + 1) % d_max, c] = now[d, c]
        now = new
        history.append(now)
    return np.stack(history)


def seen_from_the_receiver(values):
    n = len(values)
    states = np.empty((2 * n - 1, n, n), values.dtype)
    states[0] = values
    for s in range(2 * n - 2):
        states[s + 1] = states[s]
        for d in range(n):
            c = (d - 1 - s) % n
            came = states[s, (d - 1) % n, c]
            states[s + 1, d, c] = came + (states[s, d, c] if s < n - 1 else 0)
    return states


def fancy_indices(values):
    n = len(values)
    d = np.arange(n)
    states = [np.array(values)]
    for s in range(2 * (n - 1)):
        c, to = (d - s) % n, (d + 1) % n
        after = states[-1].copy()
        came = states[-1][d, c]
        after[to, c] = after[to, c] + came if s < n - 1 else came
        states.append(after)
    return np.array(states)


def in_place(values):
    # A chunk that comes in is never one that is sent in the same step: no copy is needed for it.
    now, n = values.copy(), len(values)
    states = [now.copy()]
    for s in range(2 * n - 2):
        for d in range(n):
            c = (d - s) % n
            if s < n - 1:
                now[(d + 1) % n, c] += now[d, c]
            else:
                now[(d + 1) % n, c] = now[d, c]
        states.append(now.copy())
    return np.array(states)
