import numpy as np

_PIXELS = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
_MASK = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
_OUTPUTS = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])


def _refused(d, g):
    if len(g) != 3 or len(d) < 4 or len(d) % 2:
        raise ValueError("F(2, 3) takes an even line of at least 4 and a mask of 3")


def _with(d, g, pixels=_PIXELS, mask=_MASK, outputs=_OUTPUTS, step=2):
    _refused(d, g)
    tiles = np.stack([d[i : i + 4] for i in range(0, len(d) - 3, step)])
    m = (tiles @ np.array(pixels).T) * (np.array(mask) @ g)
    return m, (m @ np.array(outputs).T).ravel()


def turned(d, g):
    """a mask that was turned"""
    return _with(d, g[::-1])


def no_halves(d, g):
    """a mask transformed without the halves"""
    return _with(d, g, mask=[[1, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 1]])


def middle_exchanged(d, g):
    """the middle numbers of the mask exchanged"""
    return _with(d, g, mask=[[1, 0, 0], [0.5, -0.5, 0.5], [0.5, 0.5, 0.5], [0, 0, 1]])


def first_pixel_added(d, g):
    """a sign of the first transformed pixel"""
    return _with(d, g, pixels=[[1, 0, 1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])


def third_pixel_turned(d, g):
    """a sign of the third transformed pixel"""
    return _with(d, g, pixels=[[1, 0, -1, 0], [0, 1, 1, 0], [0, 1, -1, 0], [0, 1, 0, -1]])


def last_pixel_turned(d, g):
    """a sign of the last transformed pixel"""
    return _with(d, g, pixels=[[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]])


def last_product_added(d, g):
    """a sign of the second output"""
    return _with(d, g, outputs=[[1, 1, 1, 0], [0, 1, -1, 1]])


def third_product_added(d, g):
    """the third product added to the second output"""
    return _with(d, g, outputs=[[1, 1, 1, 0], [0, 1, 1, -1]])


def apart(d, g):
    """tiles that do not overlap"""
    return _with(d, g, step=4)


def everywhere(d, g):
    """a tile at every pixel"""
    return _with(d, g, step=1)


def one_after_the_other(d, g):
    """the first outputs of all tiles, then the second ones"""
    m, _ = _with(d, g)
    first, second = m[:, 0] + m[:, 1] + m[:, 2], m[:, 1] - m[:, 2] - m[:, 3]
    return m, np.concatenate([first, second])
