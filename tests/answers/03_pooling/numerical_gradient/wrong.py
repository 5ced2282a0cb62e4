"""Wrong answers to `numerical_gradient`, as students give them."""

import numpy as np
import torch
import torch.nn.functional as F

_LAYERS = {
    "cube": lambda x: x**3,
    "tanh": np.tanh,
    "sum": lambda x: x.sum(axis=-1),
    "neighbours": lambda x: x[..., 1:] * x[..., :-1],
    "average": lambda x: F.avg_pool2d(
        torch.tensor(x), (2, 3), (2, 1), (1, 1), count_include_pad=False
    ).numpy(),
}


def one_sided(layer, x, grad_output, h=1e-4):
    """a difference to one side"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(up) - loss(x)) / h
    return grad_x


def backwards(layer, x, grad_output, h=1e-4):
    """a difference to the other side"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(x) - loss(down)) / h
    return grad_x


def divided_by_h(layer, x, grad_output, h=1e-4):
    """a difference divided by h in place of 2h"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(up) - loss(down)) / h
    return grad_x


def not_divided(layer, x, grad_output, h=1e-4):
    """a difference that is not divided"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = loss(up) - loss(down)
    return grad_x


def sign_turned(layer, x, grad_output, h=1e-4):
    """a gradient with its sign turned"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(down) - loss(up)) / (2 * h)
    return grad_x


def no_grad_output(layer, x, grad_output, h=1e-4):
    """a loss that sums the outputs, without grad_output"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return f(at).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(up) - loss(down)) / (2 * h)
    return grad_x


def mean_loss(layer, x, grad_output, h=1e-4):
    """a mean in place of the sum"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).mean()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(up) - loss(down)) / (2 * h)
    return grad_x


def all_at_once(layer, x, grad_output, h=1e-4):
    """all inputs moved at once"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up += h
        down -= h
        grad_x[place] = (loss(up) - loss(down)) / (2 * h)
    return grad_x


def steps_kept(layer, x, grad_output, h=1e-4):
    """steps that are not taken back"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x, x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(up) - loss(down)) / (2 * h)
    return grad_x


def half_float(layer, x, grad_output, h=1e-4):
    f, x = _LAYERS[layer], x

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(up) - loss(down)) / (2 * h)
    return grad_x


def own_step(layer, x, grad_output, h=1e-4):
    """a step of its own"""
    f, x = _LAYERS[layer], x.astype("float64")
    h = 1e-4

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(up) - loss(down)) / (2 * h)
    return grad_x


def sizes_only(layer, x, grad_output, h=1e-4):
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = abs(loss(up) - loss(down)) / (2 * h)
    return grad_x


def first_example(layer, x, grad_output, h=1e-4):
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(up) - loss(down)) / (2 * h)
    return np.where(np.arange(len(x)).reshape(-1, *[1] * (x.ndim - 1)) > 0, 0, grad_x)


def relative_step(layer, x, grad_output, h=1e-4):
    """a step in proportion to x"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return (grad_output * f(at)).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] *= 1 + h
        down[place] *= 1 - h
        grad_x[place] = (loss(up) - loss(down)) / (2 * h)
    return grad_x


def squared_error(layer, x, grad_output, h=1e-4):
    """a squared error"""
    f, x = _LAYERS[layer], x.astype("float64")

    def loss(at):
        return 0.5 * ((f(at) - grad_output) ** 2).sum()

    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (loss(up) - loss(down)) / (2 * h)
    return grad_x
