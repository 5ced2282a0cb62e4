"""Right answers to `design`, as students give them."""


def average_at_the_end():
    return [
        ("Conv2d", {"out_channels": 16, "kernel_size": 3, "padding": 1}),
        ("BatchNorm2d", {}),
        ("ReLU", {}),
        ("Conv2d", {"out_channels": 32, "kernel_size": 3, "padding": 1}),
        ("BatchNorm2d", {}),
        ("ReLU", {}),
        ("MaxPool2d", {"kernel_size": 2}),
        ("Conv2d", {"out_channels": 32, "kernel_size": 3, "padding": 1}),
        ("BatchNorm2d", {}),
        ("ReLU", {}),
        ("AdaptiveAvgPool2d", {"output_size": 1}),
        ("Flatten", {}),
        ("Linear", {"out_features": 10}),
    ]


def elu_and_average_pooling():
    return [
        ("Conv2d", {"out_channels": 16, "kernel_size": 3, "padding": 1}),
        ("BatchNorm2d", {}),
        ("ELU", {}),
        ("Conv2d", {"out_channels": 32, "kernel_size": 3, "padding": 1}),
        ("BatchNorm2d", {}),
        ("ELU", {}),
        ("AvgPool2d", {"kernel_size": 2}),
        ("Conv2d", {"out_channels": 48, "kernel_size": 3, "padding": 1}),
        ("BatchNorm2d", {}),
        ("ELU", {}),
        ("AdaptiveAvgPool2d", {"output_size": 1}),
        ("Flatten", {}),
        ("Linear", {"out_features": 10}),
    ]


def linear_on_flattened():
    return [
        ("Conv2d", {"out_channels": 16, "kernel_size": 3, "padding": 1}),
        ("BatchNorm2d", {}),
        ("ReLU", {}),
        ("Conv2d", {"out_channels": 32, "kernel_size": 3, "padding": 1}),
        ("BatchNorm2d", {}),
        ("ReLU", {}),
        ("MaxPool2d", {"kernel_size": 2}),
        ("Conv2d", {"out_channels": 32, "kernel_size": 3, "padding": 1}),
        ("BatchNorm2d", {}),
        ("ReLU", {}),
        ("MaxPool2d", {"kernel_size": 2}),
        ("Flatten", {}),
        ("Linear", {"out_features": 10}),
    ]


def made_in_a_loop():
    layers = []
    for channels, pooled in ((16, False), (32, True), (32, False)):
        options = {"out_channels": channels, "kernel_size": 3, "padding": 1, "bias": False}
        layers += [("Conv2d", options), ("BatchNorm2d", {}), ("ReLU", {})]
        if pooled:
            layers.append(("MaxPool2d", {"kernel_size": 2}))
    layers.append(("AdaptiveAvgPool2d", {"output_size": 1}))
    return layers + [("Flatten", {}), ("Linear", {"out_features": 10})]
