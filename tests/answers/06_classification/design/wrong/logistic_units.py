DIAGNOSIS = "a net of logistic units"


def design():
    return [
        ("Conv2d", {"out_channels": 16, "kernel_size": 3, "padding": 1}),
        ("Sigmoid", {}),
        ("Conv2d", {"out_channels": 32, "kernel_size": 3, "padding": 1}),
        ("Sigmoid", {}),
        ("MaxPool2d", {"kernel_size": 2}),
        ("MaxPool2d", {"kernel_size": 2}),
        ("Flatten", {}),
        ("Linear", {"out_features": 10}),
    ]
