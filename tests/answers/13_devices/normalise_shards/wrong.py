"""Shards normalised wrongly; each docstring is what the student must be told."""

import numpy as np


def _norm(x, batch, eps, axes=(0, 2, 3), ddof=0):
    mu = batch.mean(axis=axes, keepdims=True)
    return (x - mu) / np.sqrt(batch.var(axis=axes, keepdims=True, ddof=ddof) + eps)


def flag_ignored(shards, synchronised, eps=1e-5):
    return [_norm(x, x, eps) for x in shards]


def together_always(shards, synchronised, eps=1e-5):
    return [_norm(x, np.concatenate(shards), eps) for x in shards]


def turned_round(shards, synchronised, eps=1e-5):
    """the two kinds exchanged"""
    return [_norm(x, x if synchronised else np.concatenate(shards), eps) for x in shards]


def _averaged(shards, eps, weights, between):
    mean = np.array([x.mean(axis=(0, 2, 3)) for x in shards])
    var = np.array([x.var(axis=(0, 2, 3)) for x in shards])
    mu = np.average(mean, axis=0, weights=weights)
    s2 = np.average(var + between * (mean - mu) ** 2, axis=0, weights=weights)
    return [(x - mu[:, None, None]) / np.sqrt(s2[:, None, None] + eps) for x in shards]


def mean_of_variances(shards, synchronised, eps=1e-5):
    """the variance within the shards alone"""
    if not synchronised:
        return [_norm(x, x, eps) for x in shards]
    return _averaged(shards, eps, [len(x) for x in shards], 0)


def shards_alike(shards, synchronised, eps=1e-5):
    """shards that count alike"""
    if not synchronised:
        return [_norm(x, x, eps) for x in shards]
    return _averaged(shards, eps, [1] * len(shards), 1)


def first_for_all(shards, synchronised, eps=1e-5):
    """the first shard's statistics for all"""
    return [_norm(x, shards[0] if synchronised else x, eps) for x in shards]


def sample_variance(shards, synchronised, eps=1e-5):
    """the unbiased variance"""
    return [_norm(x, np.concatenate(shards) if synchronised else x, eps, ddof=1) for x in shards]


def eps_behind_the_root(shards, synchronised, eps=1e-5):
    """eps outside of the root"""
    out = []
    for x in shards:
        b = np.concatenate(shards) if synchronised else x
        out.append((x - b.mean((0, 2, 3), keepdims=True)) / (b.std((0, 2, 3), keepdims=True) + eps))
    return out


def eps_forgotten(shards, synchronised, eps=1e-5):
    """no eps"""
    return [_norm(x, np.concatenate(shards) if synchronised else x, 0) for x in shards]


def by_the_variance(shards, synchronised, eps=1e-5):
    """a division by the variance"""
    out = []
    for x in shards:
        b = np.concatenate(shards) if synchronised else x
        out.append((x - b.mean((0, 2, 3), keepdims=True)) / (b.var((0, 2, 3), keepdims=True) + eps))
    return out


def centred_only(shards, synchronised, eps=1e-5):
    """a mean taken out and nothing divided"""
    out = []
    for x in shards:
        b = np.concatenate(shards) if synchronised else x
        out.append(x - b.mean((0, 2, 3), keepdims=True))
    return out


def over_the_batch_alone(shards, synchronised, eps=1e-5):
    """statistics of each pixel"""
    return [_norm(x, np.concatenate(shards) if synchronised else x, eps, (0,)) for x in shards]


def instance_norm(shards, synchronised, eps=1e-5):
    """statistics of each example"""
    return [_norm(x, x, eps, (2, 3)) for x in shards]


def one_mean_for_all(shards, synchronised, eps=1e-5):
    """all channels together"""
    return [_norm(x, np.concatenate(shards) if synchronised else x, eps, None) for x in shards]
