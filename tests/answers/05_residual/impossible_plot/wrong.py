"""Wrong answers to `impossible_plot`, as students give them."""


def deeper_is_better():
    """the belief that a deeper net has no higher training error"""
    return {"name": "Ada Lovelace", "plot": "A", "at": 20, "reason": "depth"}


def gradients_vanish():
    """the belief that gradients get smaller on their way to the first layer"""
    return {"name": "Ada Lovelace", "plot": "C", "at": 1, "reason": "vanish"}


def blocks_do_not_grow():
    """the belief that a residual block makes nothing larger"""
    return {"name": "Ada Lovelace", "plot": "D", "at": 9, "reason": "growth"}


def losses_fall():
    """the belief that a loss falls at every step"""
    return {"name": "Emmy Noether", "plot": "D", "at": 50, "reason": "descent"}


def test_above_training():
    """the belief that the test error lies above the training error"""
    return {"name": "Alan Turing", "plot": "C", "at": 1, "reason": "gap"}


def counted_from_0():
    """a place counted from 0"""
    return {"name": "Ada Lovelace", "plot": "B", "at": 6, "reason": "record"}


def one_later():
    """the point beside the false one"""
    return {"name": "Ada Lovelace", "plot": "B", "at": 8, "reason": "record"}


def its_value():
    """the value in the place of the place"""
    return {"name": "Ada Lovelace", "plot": "B", "at": 14, "reason": "record"}


def other_reason():
    """a true sentence that speaks of another plot than the one you name"""
    return {"name": "Ada Lovelace", "plot": "B", "at": 7, "reason": "sign"}


def true_of_another_plot():
    """a true sentence that speaks of another plot than the one you name"""
    return {"name": "Ada Lovelace", "plot": "A", "at": 20, "reason": "record"}


def counted_in_points():
    """a place counted in points"""
    return {"name": "Katherine Johnson", "plot": "D", "at": 5, "reason": "company"}


def a_believed_reason():
    """the belief that a loss falls at every step"""
    return {"name": "Ada Lovelace", "plot": "B", "at": 7, "reason": "descent"}


def a_name_of_somebody_else():
    """a true sentence that speaks of another plot than the one you name"""
    return {"name": "Emmy Noether", "plot": "B", "at": 7, "reason": "record"}


def a_letter():
    return "B"
