"""Wrong answers to `audit`, as students give them."""


def as_truth(rows):
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * k_h * k_w * h * w
        total += counted
        errors.append(claimed != counted)
    return errors, total


def no_input_channels(rows):
    """a count without the input channels"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = o * k_h * k_w * h * w
        total += counted
        errors.append(claimed - counted)
    return errors, total


def no_sign(rows):
    """errors without their sign"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * k_h * k_w * h * w
        total += counted
        errors.append(abs(claimed - counted))
    return errors, total


def perimeter(rows):
    """kernels of kH + kW weights"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * (k_h + k_w) * h * w
        total += counted
        errors.append(claimed - counted)
    return errors, total


def sign(rows):
    """errors of the other sign"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * k_h * k_w * h * w
        total += counted
        errors.append(counted - claimed)
    return errors, total


def square_kernel(rows):
    """a square kernel"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * k_h * k_h * h * w
        total += counted
        errors.append(claimed - counted)
    return errors, total


def square_output(rows):
    """a square output"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * k_h * k_w * h * h
        total += counted
        errors.append(claimed - counted)
    return errors, total


def sum_of_claims(rows):
    """the total of the printed numbers"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * k_h * k_w * h * w
        total += claimed
        errors.append(claimed - counted)
    return errors, total


def too_little_ignored(rows):
    """errors that are never negative"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * k_h * k_w * h * w
        total += counted
        errors.append(max(claimed - counted, 0))
    return errors, total


def two_operations(rows):
    """operations, two for each multiply-add"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = 2 * c * o * k_h * k_w * h * w
        total += counted
        errors.append(claimed - counted)
    return errors, total


def weights(rows):
    """a count of weights: each used once"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * k_h * k_w
        total += counted
        errors.append(claimed - counted)
    return errors, total


def with_biases(rows):
    """a count with biases"""
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = (c * k_h * k_w + 1) * o * h * w
        total += counted
        errors.append(claimed - counted)
    return errors, total
