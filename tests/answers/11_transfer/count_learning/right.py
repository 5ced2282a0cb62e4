import math

import numpy as np


def with_prod(shapes, frozen):
    kept = ("running_mean", "running_var", "num_batches_tracked")
    sizes = {n: math.prod(s) for n, s in shapes.items() if not n.endswith(kept)}
    stay = tuple(part + "." for part in frozen)
    return sum(v for n, v in sizes.items() if not n.startswith(stay)), sum(sizes.values())


def lists_of_parts(shapes, frozen):
    learn, everything = [], []
    for name, shape in shapes.items():
        *path, last = name.split(".")
        if last.startswith("running_") or last == "num_batches_tracked":
            continue
        prefixes = {".".join(path[: k + 1]) for k in range(len(path))}
        size = int(np.prod(shape))
        everything.append(size)
        learn.append(0 if prefixes & set(frozen) else size)
    return sum(learn), sum(everything)


def subtracting(shapes, frozen):
    total = frozen_total = 0
    for name in shapes:
        if "running_" in name or "num_batches" in name:
            continue
        n = 1
        for s in shapes[name]:
            n = n * s
        total += n
        for part in frozen:
            if name[: len(part) + 1] == part + ".":
                frozen_total += n
                break
    return total - frozen_total, total


def as_arrays(shapes, frozen):
    counts = np.zeros(2, int)
    for name, shape in shapes.items():
        if name.rsplit(".", 1)[-1] in {"running_mean", "running_var", "num_batches_tracked"}:
            continue
        learns = all(not (name + ".").startswith(part + ".") for part in frozen)
        counts += np.empty(shape, np.int8).size * np.array([learns, 1])
    return int(counts[0]), int(counts[1])
