"""Right answers to `impossible_plot`, as students give them."""


def ada():
    return {"name": "Ada Lovelace", "plot": "B", "at": 7, "reason": "record"}


def emmy():
    return {"name": "EMMY NOETHER", "plot": "A", "at": 8, "reason": "rectifier"}


def grace():
    return {"name": "Grace Hopper", "plot": "C", "at": 8, "reason": "sign"}


def katherine():
    return {"name": "KATHERINE JOHNSON", "plot": "D", "at": 16, "reason": "company"}


def barbara():
    return {"name": "Barbara Liskov", "plot": "D", "at": 5, "reason": "share"}
