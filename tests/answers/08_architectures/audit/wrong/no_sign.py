DIAGNOSIS = "errors without their sign"


def audit(rows):
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * k_h * k_w * h * w
        total += counted
        errors.append(abs(claimed - counted))
    return errors, total
