import torch.nn.functional as F

DIAGNOSIS = "a block with its rectifiers before the norms"


def norm(x):
    return F.batch_norm(x, None, None, training=True)


def conv(x, weight):
    return F.conv2d(x, weight, padding=(weight.shape[2] // 2, weight.shape[3] // 2))


def pre_activation_block(x, weight1, weight2):
    a = norm(F.relu(x))
    y = conv(a, weight1)
    b = norm(F.relu(y))
    z = conv(b, weight2)
    return z + x
