DIAGNOSIS = None


def training_memory(parameters, activations, batch_size, optimizer="sgd", itemsize=4):
    copies = {"sgd": 0, "momentum": 1, "adam": 2}
    weights = gradients = parameters
    state = copies.get(optimizer, 0) * parameters
    return (weights + gradients + state + batch_size * activations) * itemsize
