import numpy as np


def residual_block(x, weight1, weight2):
    def convolve(a, w):
        pH, pW = w.shape[2] // 2, w.shape[3] // 2
        a = np.pad(a, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
        H, W = a.shape[2] - 2 * pH, a.shape[3] - 2 * pW
        y = np.zeros((len(a), len(w), H, W))
        for u in range(w.shape[2]):
            for v in range(w.shape[3]):
                y += np.tensordot(a[:, :, u : u + H, v : v + W], w[:, :, u, v], (1, 1)).transpose(
                    0, 3, 1, 2
                )
        return y

    return np.clip(convolve(np.clip(convolve(x, weight1), 0, None), weight2) + x, 0, None)
