"""Wrong answers to `find_layer`, as students give them."""


def floor_allowed(input_size, output_size):
    """a layer that leaves pixels unread, since a floor hides them"""
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k):
                if input_size + 2 * p >= k and (input_size + 2 * p - k) // s + 1 == output_size:
                    return k, s, p


def forgot_to_add_one(input_size, output_size):
    """a count of the steps instead of the places"""
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k):
                if output_size * s == input_size + 2 * p - k:
                    return k, s, p


def kernel_last(input_size, output_size):
    """a layer in the order (stride, padding, kernel_size)"""
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return s, p, k


def longest_stride_first(input_size, output_size):
    """the longest stride instead of the shortest"""
    for k in range(1, 60):
        for s in range(k, 0, -1):
            for p in range(k):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p


def odd_kernels_only(input_size, output_size):
    """a search among odd kernels"""
    for k in range(1, 60, 2):
        for s in range(1, k + 1):
            for p in range(k):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p


def only_stride_one(input_size, output_size):
    """a layer of stride 1, whatever the sizes"""
    for k in range(1, 1000):
        for p in range(k):
            if input_size + 2 * p - k + 1 == output_size:
                return k, 1, p


def padding_at_most_half(input_size, output_size):
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k // 2 + 1):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p


def padding_before_kernel(input_size, output_size):
    """the smallest padding, whatever the kernel"""
    for p in range(60):
        for k in range(p + 1, 60):
            for s in range(1, k + 1):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p


def padding_before_stride(input_size, output_size):
    """a layer in the order (kernel_size, padding, stride)"""
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, p, s


def padding_once(input_size, output_size):
    """a padding that is counted once"""
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k):
                if (output_size - 1) * s == input_size + p - k:
                    return k, s, p


def padding_without_limit(input_size, output_size):
    """a layer whose windows lie in the padding"""
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(100):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p


def sizes_swapped(input_size, output_size):
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k):
                if (input_size - 1) * s == output_size + 2 * p - k:
                    return k, s, p


def stride_before_kernel(input_size, output_size):
    """a layer of stride 1, whatever the sizes"""
    for s in range(1, 60):
        for k in range(s, 60):
            for p in range(k):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p


def stride_without_limit(input_size, output_size):
    """a layer that jumps over pixels"""
    for k in range(1, 60):
        for s in range(1, 300):
            for p in range(k):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p
