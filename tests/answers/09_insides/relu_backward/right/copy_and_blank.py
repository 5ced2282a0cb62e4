def relu_backward(grad_output, x, rule):
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    y = grad_output.copy()
    if rule in ("gradient", "guided"):
        y[x <= 0] = 0
    if rule in ("deconvnet", "guided"):
        y[grad_output <= 0] = 0
    return y
