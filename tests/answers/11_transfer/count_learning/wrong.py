import math

KEPT = ("running_mean", "running_var", "num_batches_tracked")


def _sum(shapes, learns):
    sizes = {n: math.prod(s) for n, s in shapes.items() if not n.endswith(KEPT)}
    return sum(v for n, v in sizes.items() if learns(n)), sum(sizes.values())


def all_that_is_saved(shapes, frozen):
    """running statistics counted as parameters"""
    learns = total = 0
    for name, shape in shapes.items():
        total += math.prod(shape)
        if not any(name.startswith(f"{part}.") for part in frozen):
            learns += math.prod(shape)
    return learns, total


def counter_too(shapes, frozen):
    """the counter of batches counted as a parameter"""
    sizes = {n: math.prod(s) for n, s in shapes.items() if "running" not in n}
    learns = sum(v for n, v in sizes.items() if not n.startswith(tuple(p + "." for p in frozen)))
    return learns, sum(sizes.values())


def without_the_dot(shapes, frozen):
    """every name that begins with the part's"""
    return _sum(shapes, lambda n: not n.startswith(tuple(frozen)))


def anywhere(shapes, frozen):
    """every name that contains the part's"""
    return _sum(shapes, lambda n: all(part not in n for part in frozen))


def first_word(shapes, frozen):
    """parts that are found by the name before the first dot alone"""
    return _sum(shapes, lambda n: n.split(".")[0] not in frozen)


def frozen_ones(shapes, frozen):
    """what is frozen in place of what learns"""
    return _sum(shapes, lambda n: any(n.startswith(part + ".") for part in frozen))


def learning_and_frozen(shapes, frozen):
    """what is frozen in place of all"""
    learns, total = _sum(shapes, lambda n: not any(n.startswith(p + ".") for p in frozen))
    return learns, total - learns


def other_order(shapes, frozen):
    return _sum(shapes, lambda n: not any(n.startswith(p + ".") for p in frozen))[::-1]


def nothing_frozen(shapes, frozen):
    """nothing frozen"""
    return _sum(shapes, lambda n: True)


def one_part(shapes, frozen):
    """the first part alone frozen"""
    return _sum(shapes, lambda n: not frozen or not n.startswith(frozen[0] + "."))


def tensors(shapes, frozen):
    """tensors in place of numbers"""
    names = [n for n in shapes if not n.endswith(KEPT)]
    return len([n for n in names if not any(n.startswith(p + ".") for p in frozen)]), len(names)


def weights_alone(shapes, frozen):
    """weights without biases"""
    only = {n: s for n, s in shapes.items() if n.endswith("weight")}
    return _sum(only, lambda n: not any(n.startswith(p + ".") for p in frozen))


def norms_learn(shapes, frozen):
    """norms that learn in frozen parts"""
    return _sum(
        shapes, lambda n: ".norm." in n or not any(n.startswith(part + ".") for part in frozen)
    )
