DIAGNOSIS = "a net without a convolution"


def design():
    return [
        ("AvgPool2d", {"kernel_size": 2}),
        ("Flatten", {}),
        ("Linear", {"out_features": 64}),
        ("ReLU", {}),
        ("Linear", {"out_features": 10}),
    ]
