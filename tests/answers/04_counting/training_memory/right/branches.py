def training_memory(parameters, activations, batch_size, optimizer="sgd", itemsize=4):
    total = 2 * parameters * itemsize
    if optimizer == "momentum":
        total += parameters * itemsize
    elif optimizer == "adam":
        total += 2 * parameters * itemsize
    elif optimizer != "sgd":
        raise ValueError(optimizer)
    for _ in range(batch_size):
        total += activations * itemsize
    return total
