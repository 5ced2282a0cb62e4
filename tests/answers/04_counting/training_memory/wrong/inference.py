DIAGNOSIS = "the weights and activations of using a net, not of training it"


def training_memory(parameters, activations, batch_size, optimizer="sgd", itemsize=4):
    copies = {"sgd": 0, "momentum": 1, "adam": 2}
    if optimizer not in copies:
        raise ValueError(f"no such optimizer: {optimizer}")
    weights = gradients = parameters
    state = copies[optimizer] * parameters
    return (weights + batch_size * activations) * itemsize
