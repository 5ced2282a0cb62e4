"""Right answers to `numerical_gradient`, as students give them."""

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


def ndindex(layer, x, grad_output, h=1e-4):
    f, x = _LAYERS[layer], x.astype("float64")
    grad_x = np.zeros_like(x)
    for place in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        grad_x[place] = (grad_output * (f(up) - f(down))).sum() / (2 * h)
    return grad_x


def flat_and_put_back(layer, x, grad_output, h=1e-4):
    x = np.array(x, dtype=float)
    flat, gradient = x.reshape(-1), np.empty(x.size)
    for k in range(x.size):
        kept = flat[k]
        flat[k] = kept + h
        above = np.sum(grad_output * _LAYERS[layer](x))
        flat[k] = kept - h
        below = np.sum(grad_output * _LAYERS[layer](x))
        flat[k] = kept
        gradient[k] = (above - below) / (2 * h)
    return gradient.reshape(x.shape)


def nditer(layer, x, grad_output, h=1e-4):
    x = x.astype(np.float64)
    grad_x = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        step = np.zeros(x.shape)
        step[it.multi_index] = h
        difference = _LAYERS[layer](x + step) - _LAYERS[layer](x - step)
        grad_x[it.multi_index] = np.vdot(grad_output, difference) / 2 / h
    return grad_x


def rows_of_an_identity(layer, x, grad_output, h=1e-4):
    x = x.astype(float)
    steps = h * np.eye(x.size).reshape(-1, *x.shape)
    slopes = [(_LAYERS[layer](x + e) - _LAYERS[layer](x - e)) / (2 * h) for e in steps]
    return np.array([(grad_output * slope).sum() for slope in slopes]).reshape(x.shape)


def jacobian_first(layer, x, grad_output, h=1e-4):
    x = x.astype(float)
    jacobian = np.zeros((grad_output.size, x.size))
    for k in range(x.size):
        e = np.zeros(x.size)
        e[k] = h
        e = e.reshape(x.shape)
        jacobian[:, k] = (_LAYERS[layer](x + e) - _LAYERS[layer](x - e)).ravel() / (2 * h)
    return (grad_output.ravel() @ jacobian).reshape(x.shape)


def an_inner_function(layer, x, grad_output, h=1e-4):
    def loss(at):
        return float(np.sum(_LAYERS[layer](at) * grad_output))

    def moved(place, by):
        new = x.astype("float64", copy=True)
        new[place] += by
        return new

    grad_x = np.zeros(x.shape)
    for place, _ in np.ndenumerate(x):
        grad_x[place] = 0.5 * (loss(moved(place, h)) - loss(moved(place, -h))) / h
    return grad_x
