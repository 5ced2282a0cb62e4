import numpy as np


def _pixels(one, other):
    rows = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    columns = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(rows, 0) * max(columns, 0)


def _label(patches, boxes, classes, background, decide, several=-1):
    labels = []
    for patch in patches:
        shared = np.array([_pixels(patch, box) for box in boxes])
        b = int(shared.argmax())
        if not shared.any():
            labels.append(background)
        elif (shared > 0).sum() > 1 and several == -1:
            labels.append(-1)
        else:
            good = decide(shared[b], patch[2] * patch[3], boxes[b][2] * boxes[b][3])
            labels.append(classes[b] if good else -1)
    return np.array(labels)


def _rule(s, patch, box):
    return s >= 0.2 * patch and s >= 0.6 * box


def unclear_is_background(patches, boxes, classes, background):
    """unclear patches called background"""
    labels = _label(patches, boxes, classes, background, _rule)
    return np.where(labels == -1, background, labels)


def no_background(patches, boxes, classes, background):
    """background left out, too"""
    return _label(patches, boxes, classes, -1, _rule)


def largest_wins(patches, boxes, classes, background):
    """the object with the largest share, where there are several"""
    return _label(patches, boxes, classes, background, _rule, several="largest")


def object_alone(patches, boxes, classes, background):
    """no rule for the patch's share"""
    return _label(patches, boxes, classes, background, lambda s, patch, box: s >= 0.6 * box)


def patch_alone(patches, boxes, classes, background):
    """no rule for the object's share"""
    return _label(patches, boxes, classes, background, lambda s, patch, box: s >= 0.2 * patch)


def exchanged(patches, boxes, classes, background):
    """0.2 and 0.6 exchanged"""
    return _label(
        patches, boxes, classes, background, lambda s, p, b: s / p >= 0.6 and s / b >= 0.2
    )


def more_than(patches, boxes, classes, background):
    """shares that must be exceeded"""
    return _label(patches, boxes, classes, background, lambda s, p, b: s > 0.2 * p and s > 0.6 * b)


def both_of_the_patch(patches, boxes, classes, background):
    """both shares of the patch"""
    return _label(
        patches, boxes, classes, background, lambda s, p, b: s >= 0.2 * p and s >= 0.6 * p
    )


def numbers(patches, boxes, classes, background):
    """the object's number in place of its class"""
    return _label(patches, boxes, range(len(boxes)), background, _rule)


def corners(patches, boxes, classes, background):
    """boxes read as (top, left, bottom, right)"""

    def sized(b):
        return np.column_stack([b[:, :2], b[:, 2:] - b[:, :2]])

    return _label(sized(patches), sized(boxes), classes, background, _rule)


def width_first(patches, boxes, classes, background):
    """boxes read as (top, left, width, height)"""
    order = [0, 1, 3, 2]
    return _label(patches[:, order], boxes[:, order], classes, background, _rule)


def background_zero(patches, boxes, classes, background):
    """a background that is always 0"""
    return _label(patches, boxes, classes, 0, _rule)


def overlap_of_union(patches, boxes, classes, background):
    """intersection over union, at least a half"""
    labels = []
    for patch in patches:
        shares = []
        for box in boxes:
            s = _pixels(patch, box)
            shares.append(s / (patch[2] * patch[3] + box[2] * box[3] - s))
        best = int(np.argmax(shares))
        label = background if shares[best] == 0 else -1
        labels.append(classes[best] if shares[best] >= 0.5 else label)
    return np.array(labels)


def either_share(patches, boxes, classes, background):
    labels = []
    for patch in patches:
        shared = [_pixels(patch, box) for box in boxes]
        b = int(np.argmax(shared))
        large = shared[b] >= 0.2 * (patch[2] * patch[3])
        large = large or shared[b] >= 0.6 * (boxes[b][2] * boxes[b][3])
        touched = np.count_nonzero(shared)
        labels.append(classes[b] if touched == 1 and large else -1 if touched else background)
    return np.array(labels)
