import math


def audit(rows):
    def count(c, o, k, size):
        if isinstance(k, int):
            k = (k, k)
        return math.prod((c, o, *k, *size))

    counts = [count(*row[1:5]) for row in rows]
    return [row[5] - right for row, right in zip(rows, counts)], sum(counts)
