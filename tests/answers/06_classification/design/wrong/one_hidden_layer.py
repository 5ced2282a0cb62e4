DIAGNOSIS = "a net without a convolution"


def design():
    return [
        ("Flatten", {}),
        ("Linear", {"out_features": 200}),
        ("ReLU", {}),
        ("Linear", {"out_features": 10}),
    ]
