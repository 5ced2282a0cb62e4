import torch.nn.functional as F

DIAGNOSIS = "a block whose first batch norm is missing"


def norm(x):
    return F.batch_norm(x, None, None, training=True)


def conv(x, weight):
    return F.conv2d(x, weight, padding=(weight.shape[2] // 2, weight.shape[3] // 2))


def pre_activation_block(x, weight1, weight2):
    a = F.relu(x)
    y = conv(a, weight1)
    b = F.relu(norm(y))
    z = conv(b, weight2)
    return z + x
