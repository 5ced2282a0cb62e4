"""Wrong answers to `hit_rate`, as students give them."""

import numpy as np


def axes_exchanged(maps, boxes):
    hits = 0
    for values, (top, left, height, width) in zip(maps, boxes):
        column, row = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row < top + height and left <= column < left + width)
    return hits / len(maps)


def bottom_and_right(maps, boxes):
    """boxes read as (top, left, bottom, right)"""
    hits = 0
    for values, (top, left, height, width) in zip(maps, boxes):
        row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row < height and left <= column < width)
    return hits / len(maps)


def count_of_hits(maps, boxes):
    hits = 0
    for values, (top, left, height, width) in zip(maps, boxes):
        row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row < top + height and left <= column < left + width)
    return hits


def largest_inside(maps, boxes):
    hits = []
    for values, (top, left, height, width) in zip(maps, boxes):
        inside = values[top : top + height, left : left + width]
        hits.append(inside.max() == values.max())
    return float(np.mean(hits))


def mass(maps, boxes):
    """the share of the map's mass in the box"""
    shares = []
    for values, (top, left, height, width) in zip(np.abs(maps), boxes):
        shares.append(values[top : top + height, left : left + width].sum() / values.sum())
    return float(np.mean(shares))


def one_too_far(maps, boxes):
    """boxes that end one pixel late"""
    hits = 0
    for values, (top, left, height, width) in zip(maps, boxes):
        row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row <= top + height and left <= column <= left + width)
    return hits / len(maps)


def percentage(maps, boxes):
    hits = 0
    for values, (top, left, height, width) in zip(maps, boxes):
        row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row < top + height and left <= column < left + width)
    return 100 * hits / len(maps)


def rows_alone(maps, boxes):
    """the rows alone"""
    hits = 0
    for values, (top, left, height, width) in zip(maps, boxes):
        row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row < top + height)
    return hits / len(maps)


def sides_exchanged(maps, boxes):
    """boxes with height and width exchanged"""
    hits = 0
    for values, (top, left, width, height) in zip(maps, boxes):
        row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row < top + height and left <= column < left + width)
    return hits / len(maps)


def signed(maps, boxes):
    hits = 0
    for values, (top, left, height, width) in zip(maps, boxes):
        row, column = np.unravel_index(values.argmax(), values.shape)
        hits += bool(top <= row < top + height and left <= column < left + width)
    return hits / len(maps)
