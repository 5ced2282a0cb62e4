import numpy as np


def conv1d_input_gradient(grad_output, weight, input_length):
    rows = [
        [
            sum(np.convolve(g, w) for g, w in zip(example, weight[:, c]))
            for c in range(weight.shape[1])
        ]
        for example in grad_output
    ]
    return np.array(rows)
