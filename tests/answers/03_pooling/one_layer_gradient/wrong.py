"""Wrong answers to `one_layer_gradient`, as students give them."""

import numpy as np


def convolved(x, weight, target, kernel_size):
    """a convolution with delta in place of a correlation"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (v[i] - target[m]) * (1 - v[i] ** 2)
    return np.convolve(x, delta, "valid")


def every_value(x, weight, target, kernel_size):
    """a gradient that goes to every value of the window"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        for i in range(m * kernel_size, (m + 1) * kernel_size):
            delta[i] = (window.max() - target[m]) * (1 - v[i] ** 2)
    return np.correlate(x, delta, "valid")


def first_inputs_only(x, weight, target, kernel_size):
    """delta times the first inputs, for every tap"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (v[i] - target[m]) * (1 - v[i] ** 2)
    return np.full(len(weight), delta @ x[: len(delta)])


def first_value(x, weight, target, kernel_size):
    """a gradient that goes to the first value of the window"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size
        delta[i] = (window.max() - target[m]) * (1 - v[i] ** 2)
    return np.correlate(x, delta, "valid")


def mean_error(x, weight, target, kernel_size):
    """an error divided by the number of outputs"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (v[i] - target[m]) / len(target) * (1 - v[i] ** 2)
    return np.correlate(x, delta, "valid")


def no_slope(x, weight, target, kernel_size):
    """a gradient without the activation's slope"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = v[i] - target[m]
    return np.correlate(x, delta, "valid")


def no_target(x, weight, target, kernel_size):
    """an error without the target"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = v[i] * (1 - v[i] ** 2)
    return np.correlate(x, delta, "valid")


def not_squared(x, weight, target, kernel_size):
    """a slope of 1 - v, without the square"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (v[i] - target[m]) * (1 - v[i])
    return np.correlate(x, delta, "valid")


def sigmoid(x, weight, target, kernel_size):
    """the slope of the sigmoid, v * (1 - v)"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (v[i] - target[m]) * v[i] * (1 - v[i])
    return np.correlate(x, delta, "valid")


def sign(x, weight, target, kernel_size):
    """an error with its sign turned"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (target[m] - v[i]) * (1 - v[i] ** 2)
    return np.correlate(x, delta, "valid")


def slope_at_u(x, weight, target, kernel_size):
    """a slope taken at u instead of at tanh(u)"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (v[i] - target[m]) * (1 - np.arctanh(v[i]) ** 2)
    return np.correlate(x, delta, "valid")


def taps_in_reverse(x, weight, target, kernel_size):
    """a weight gradient with its taps in reverse"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (v[i] - target[m]) * (1 - v[i] ** 2)
    return np.correlate(x, delta, "valid")[::-1]


def twice_the_error(x, weight, target, kernel_size):
    """an error of twice the difference"""
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = 2 * (v[i] - target[m]) * (1 - v[i] ** 2)
    return np.correlate(x, delta, "valid")
