def design():
    layers = []
    for channels, pooled in ((16, False), (32, True), (32, False)):
        options = {"out_channels": channels, "kernel_size": 3, "padding": 1, "bias": False}
        layers += [("Conv2d", options), ("BatchNorm2d", {}), ("ReLU", {})]
        if pooled:
            layers.append(("MaxPool2d", {"kernel_size": 2}))
    layers.append(("AdaptiveAvgPool2d", {"output_size": 1}))
    return layers + [("Flatten", {}), ("Linear", {"out_features": 10})]
