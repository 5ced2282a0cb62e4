"""Gradients averaged wrongly; each docstring is what the student must be told."""

import numpy as np


def every_device_alike(gradients, counts):
    return sum(gradients) / len(gradients)


def summed(gradients, counts):
    """a sum over the devices"""
    return np.sum(gradients, axis=0)


def not_divided(gradients, counts):
    """a sum over all examples"""
    return sum(n * g for g, n in zip(gradients, counts))


def divided_by_devices(gradients, counts):
    """a sum over all examples, divided by the devices"""
    return sum(n * g for g, n in zip(gradients, counts)) / len(counts)


def sum_over_n(gradients, counts):
    """a division by N without weights"""
    return np.add.reduce(gradients) / sum(counts)


def inverse_weights(gradients, counts):
    """smaller weights for larger shards"""
    w = np.array([1 / n for n in counts])
    return sum(a * g for a, g in zip(w / w.sum(), gradients))


def each_by_its_own(gradients, counts):
    """each device weighed by its own number of examples"""
    return sum(g / n for g, n in zip(gradients, counts))


def sorted_wrongly(gradients, counts):
    return np.average(gradients, axis=0, weights=counts[::-1])


def only_device_0(gradients, counts):
    return gradients[0].copy()


def the_largest(gradients, counts):
    """the gradient of the largest shard alone"""
    return gradients[int(np.argmax(counts))] * 1.0


def by_the_largest(gradients, counts):
    """weights by the largest shard"""
    return sum(n / max(counts) * g for g, n in zip(gradients, counts))
