import math


def cross_entropy(logits, target):
    total = 0.0
    for row, t in zip(logits, target):
        m = max(row)
        total += m + math.log(sum(math.exp(z - m) for z in row)) - row[t]
    return total / len(target)
