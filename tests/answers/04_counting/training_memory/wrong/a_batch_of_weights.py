DIAGNOSIS = "a batch of weights too"


def training_memory(parameters, activations, batch_size, optimizer="sgd", itemsize=4):
    copies = {"sgd": 0, "momentum": 1, "adam": 2}
    if optimizer not in copies:
        raise ValueError(f"no such optimizer: {optimizer}")
    weights = gradients = parameters
    state = copies[optimizer] * parameters
    return batch_size * (weights + gradients + state + activations) * itemsize
