def training_memory(parameters, activations, batch_size, optimizer="sgd", itemsize=4):
    copies = 2 + ["sgd", "momentum", "adam"].index(optimizer)
    return itemsize * (copies * parameters + batch_size * activations)
