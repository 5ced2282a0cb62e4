"""Wrong answers to the table of Emmy Noether: rows 1, 5 and 4, and what is made of them."""


def _answer(size=(1, (20, 25)), parameters=(5, 7084), multiply_adds=(4, 131040)):
    found = {"size": size, "parameters": parameters, "multiply_adds": multiply_adds}
    return {"name": "Emmy Noether", **found}


def from_one():
    """rows counted from 1"""
    return _answer((2, (20, 25)), (6, 7084), (5, 131040))


def as_printed():
    """the entry as it is printed"""
    return _answer((1, (21, 26)), (5, 280), (4, 504000))


def turned():
    """height and width in each other's place"""
    return _answer((1, (25, 20)))


def no_plus_one():
    """an output size without the + 1"""
    return _answer((1, (19, 24)))


def no_bias():
    """a count without the biases"""
    return _answer(parameters=(5, 28 * 28 * 9))


def two_operations():
    """two operations for each multiply-add"""
    return _answer(multiply_adds=(4, 2 * 131040))


def with_biases():
    """multiply-adds with the biases"""
    return _answer(multiply_adds=(4, 131040 + 28 * 130))


def no_depth():
    """multiply-adds without the input channels"""
    return _answer(multiply_adds=(4, 28 * 9 * 130))


def first_as_printed():
    """the entry as it is printed"""
    return _answer((1, (21, 26)))


def accuses_the_right():
    return _answer(parameters=(1, 4320))


def rounded_and_two_operations():
    """the entry as it is printed"""
    return _answer((1, (21, 26)), multiply_adds=(4, 504000))
