"""Wrong answers to `cross_entropy`, as students give them."""

import numpy as np


def base_2(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    bits = z / np.log(2) - np.log2(np.exp(z).sum(axis=1, keepdims=True))
    return -bits[np.arange(len(target)), target].mean()


def error_rate(logits, target):
    """the share of wrong answers"""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return (p.argmax(axis=1) != target).mean()


def logistic(logits, target):
    """a logistic function of each score"""
    z = logits[np.arange(len(target)), target]
    return np.logaddexp(0, -z).mean()


def mean_over_classes(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.mean(np.eye(logits.shape[1])[target] * log_p)


def most_probable(logits, target):
    """the loss of the most probable class"""
    z = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(z).sum(axis=1)).mean()


def no_minus(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return log_p[np.arange(len(target)), target].mean()


def one_minus_p(logits, target):
    """a mean of what is missing to probability 1"""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return (1 - p[np.arange(len(target)), target]).mean()


def overflow(logits, target):
    """exponentials that overflow"""
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(target)), target]).mean()


def rounded_to_zero(logits, target):
    """a logarithm of a probability that was rounded to zero"""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(target)), target]).mean()


def scores_as_logarithms(logits, target):
    """scores that are taken for logarithms of probabilities"""
    return -logits[np.arange(len(target)), target].mean()


def small_number_added(logits, target):
    """a small number added to the probability"""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(target)), target] + 1e-12).mean()


def small_number_added_larger(logits, target):
    """a small number added to the probability"""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(target)), target] + 1e-8).mean()


def squared(logits, target):
    """the mean squared error of the probabilities"""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return ((p - np.eye(p.shape[1])[target]) ** 2).sum(axis=1).mean()


def sum_of_pictures(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(target)), target].sum()


def wrong_axis(logits, target):
    """a softmax over the pictures"""
    z = logits - logits.max(axis=0, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=0, keepdims=True))
    return -log_p[np.arange(len(target)), target].mean()
