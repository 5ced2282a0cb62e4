import math

DIAGNOSIS = "the number of all weights in place of the fans"


def weight_std(shape, method):
    return math.sqrt(2 / math.prod(shape))
