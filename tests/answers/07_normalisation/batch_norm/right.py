import numpy as np
import torch


def steps(x, gamma, beta, eps=1e-5):
    mu = x.mean((0, 2, 3), keepdims=True)
    s2 = ((x - mu) ** 2).mean((0, 2, 3), keepdims=True)
    xh = (x - mu) * (s2 + eps) ** -0.5
    return xh * gamma[:, None, None] + beta[:, None, None]


def channel_by_channel(x, gamma, beta, eps=1e-5):
    y = np.empty_like(x)
    for c in range(x.shape[1]):
        channel = x[:, c]
        y[:, c] = gamma[c] * (channel - channel.mean()) / np.sqrt(channel.var() + eps) + beta[c]
    return y


def an_affine_map(x, gamma, beta, eps=1e-5):
    rows = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    a = gamma / np.sqrt(rows.var(axis=1) + eps)
    b = beta - a * rows.mean(axis=1)
    return x * a.reshape(1, -1, 1, 1) + b.reshape(1, -1, 1, 1)


def by_torch(x, gamma, beta, eps=1e-5):
    norm = torch.nn.BatchNorm2d(x.shape[1], eps=eps, dtype=torch.float64)
    y = norm(torch.tensor(x, dtype=torch.float64)).detach().numpy()
    return np.einsum("nchw,c->nchw", y, gamma) + beta[None, :, None, None]


def channels_last(x, gamma, beta, eps=1e-5):
    z = np.moveaxis(x, 1, -1)
    flat = z.reshape(-1, z.shape[-1])
    out = gamma * (z - flat.mean(0)) / np.sqrt(flat.var(0) + eps) + beta
    return np.moveaxis(out, -1, 1)
