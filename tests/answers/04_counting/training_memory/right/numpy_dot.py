import numpy as np


def training_memory(parameters, activations, batch_size, optimizer="sgd", itemsize=4):
    try:
        copies = {"sgd": 2, "momentum": 3, "adam": 4}[optimizer]
    except KeyError:
        raise ValueError("optimizer must be sgd, momentum or adam") from None
    return int(np.dot([copies, batch_size], [parameters, activations])) * itemsize
