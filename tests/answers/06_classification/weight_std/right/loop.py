def weight_std(shape, method):
    reads, reaches = shape[1], shape[0]
    for k in shape[2:]:
        reads *= k
        reaches *= k
    return {"kaiming": 2 / reads, "xavier": 2 / (reads + reaches)}[method] ** 0.5
