"""Wrong answers to `widest_stack`, as students give them."""


def all_as_deep(in_channels, field, budget):
    """a first layer as deep as the others"""
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = layers * 9 * wider * wider
        if weights > budget:
            return width
        width = wider


def all_read_the_input(in_channels, field, budget):
    """a stack whose layers all read in_channels"""
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = layers * 9 * in_channels * wider
        if weights > budget:
            return width
        width = wider


def at_least_one(in_channels, field, budget):
    """at least one channel"""
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 9 * in_channels * wider + (layers - 1) * 9 * wider * wider
        if weights > budget:
            return max(width, 1)
        width = wider


def budget_not_reached(in_channels, field, budget):
    """a budget that must not be reached"""
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 9 * in_channels * wider + (layers - 1) * 9 * wider * wider
        if weights >= budget:
            return width
        width = wider


def first_forgotten(in_channels, field, budget):
    layers = max((field - 1) // 2, 2)
    width = 0
    while True:
        wider = width + 1
        weights = (layers - 1) * 9 * wider * wider
        if weights > budget:
            return width
        width = wider


def one_layer_more(in_channels, field, budget):
    """one layer more than needed"""
    layers = (field + 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 9 * in_channels * wider + (layers - 1) * 9 * wider * wider
        if weights > budget:
            return width
        width = wider


def one_too_many(in_channels, field, budget):
    """one channel too many: the first width that does not fit"""
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 9 * in_channels * wider + (layers - 1) * 9 * wider * wider
        if weights > budget:
            return width + 1
        width = wider


def single_layer(in_channels, field, budget):
    """a single layer"""
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 9 * in_channels * wider
        if weights > budget:
            return width
        width = wider


def three_pixels_a_layer(in_channels, field, budget):
    """one layer for every three pixels"""
    layers = -(-field // 3)
    width = 0
    while True:
        wider = width + 1
        weights = 9 * in_channels * wider + (layers - 1) * 9 * wider * wider
        if weights > budget:
            return width
        width = wider


def three_weights(in_channels, field, budget):
    """kernels of 3 weights"""
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 3 * in_channels * wider + (layers - 1) * 3 * wider * wider
        if weights > budget:
            return width
        width = wider


def with_biases(in_channels, field, budget):
    """a stack with biases"""
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 9 * in_channels * wider + (layers - 1) * 9 * wider * wider + layers * wider
        if weights > budget:
            return width
        width = wider
