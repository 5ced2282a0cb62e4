"""Wrong answers to `trainable_net`, as students give them."""


def plain():
    """a plain net"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "relu", "linear"],
        "shortcut": False,
        "scale": 1.0,
        "after": ["relu"],
    }


def plain_with_batch_norm():
    """points that are normalised with their batch"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "batch norm", "relu", "linear", "batch norm"],
        "shortcut": False,
        "scale": 1.0,
        "after": ["relu"],
    }


def as_in_the_paper():
    """points that are normalised with their batch"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "batch norm", "relu", "linear", "batch norm"],
        "shortcut": True,
        "scale": 1.0,
        "after": ["relu"],
    }


def pre_activation_of_the_paper():
    """points that are normalised with their batch"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["batch norm", "relu", "linear", "batch norm", "relu", "linear"],
        "shortcut": True,
        "scale": 1.0,
        "after": [],
    }


def fifteen_layers():
    """a net that is not deep enough"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["layer norm", "relu", "linear"],
        "shortcut": True,
        "scale": 0.3,
        "after": [],
    }


def shallow():
    """a net that is not deep enough"""
    return {
        "width": 10,
        "blocks": 3,
        "branch": ["layer norm", "relu", "linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.3,
        "after": [],
    }


def wide():
    """blocks that are too wide"""
    return {
        "width": 16,
        "blocks": 15,
        "branch": ["layer norm", "relu", "linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.3,
        "after": [],
    }


def forty_layers():
    """more layers than the budget pays for"""
    return {
        "width": 10,
        "blocks": 20,
        "branch": ["layer norm", "relu", "linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.3,
        "after": [],
    }


def width_eleven():
    """more layers than the budget pays for"""
    return {
        "width": 11,
        "blocks": 15,
        "branch": ["layer norm", "relu", "linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.3,
        "after": [],
    }


def rectifier_after():
    """something on the way of the shortcut"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.1,
        "after": ["relu"],
    }


def rectifier_after_at_scale_one():
    """something on the way of the shortcut"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "relu", "linear"],
        "shortcut": True,
        "scale": 1.0,
        "after": ["relu"],
    }


def norm_after():
    """something on the way of the shortcut"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "relu", "linear"],
        "shortcut": True,
        "scale": 1.0,
        "after": ["layer norm"],
    }


def not_scaled():
    """sums that grow from block to block"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "relu", "linear"],
        "shortcut": True,
        "scale": 1.0,
        "after": [],
    }


def halved():
    """sums that grow from block to block"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.5,
        "after": [],
    }


def nearly_silent():
    """branches that hardly say anything"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.05,
        "after": [],
    }


def silent():
    """branches that hardly say anything"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0,
        "after": [],
    }


def linear():
    """a net that is linear"""
    return {
        "width": 10,
        "blocks": 15,
        "branch": ["linear", "linear"],
        "shortcut": True,
        "scale": 0.1,
        "after": [],
    }


def narrow():
    """blocks that are too narrow"""
    return {
        "width": 2,
        "blocks": 15,
        "branch": ["layer norm", "relu", "linear", "relu", "linear"],
        "shortcut": True,
        "scale": 0.3,
        "after": [],
    }


def plain_tanh():
    """a plain net"""
    return {
        "width": 10,
        "blocks": 30,
        "branch": ["linear", "tanh"],
        "shortcut": False,
        "scale": 1.0,
        "after": [],
    }


def a_list():
    return [10, 15, ["relu", "linear"], True, 0.3, []]
