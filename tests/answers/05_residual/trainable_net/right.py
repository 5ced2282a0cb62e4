"""Right answers to `trainable_net`, as students give them."""


def pre_activation():
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["layer norm", "relu", "linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.3,
        "after": [],
    }


def scaled_branches():
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.25,
        "after": [],
    }


def one_layer_a_block():
    return {
        "width": 10,
        "blocks": 30,
        "branch": ["relu", "linear"],
        "shortcut": True,
        "scale": 0.2,
        "after": [],
    }


def norm_at_scale_one():
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["layer norm", "relu", "linear", "relu", "linear"],
        "shortcut": True,
        "scale": 1.0,
        "after": [],
    }


def tanh_branches():
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "tanh", "linear"],
        "shortcut": True,
        "scale": 0.25,
        "after": [],
    }


def four_layers_a_block():
    return {
        "width": 10,
        "blocks": 8,
        "branch": ["linear", "relu", "linear", "relu", "linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.3,
        "after": [],
    }


def norm_first():
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["layer norm", "linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.3,
        "after": [],
    }


def turned_sign():
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["layer norm", "relu", "linear", "relu", "linear"],
        "shortcut": True,
        "scale": -0.3,
        "after": [],
    }
