DIAGNOSIS = "a net without a convolution"


def design():
    return [
        ("Flatten", {}),
        ("Linear", {"out_features": 128}),
        ("BatchNorm1d", {}),
        ("ReLU", {}),
        ("Linear", {"out_features": 64}),
        ("ReLU", {}),
        ("Linear", {"out_features": 10}),
    ]
