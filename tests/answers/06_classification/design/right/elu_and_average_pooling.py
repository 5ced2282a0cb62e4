def design():
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
