"""Wrong answers to `PreActivationBlock`, as students give them."""

import torch
import torch.nn.functional as F
from torch import nn


def _norm(x, layer):
    mean = x.mean(dim=(0, 2, 3), keepdim=True)
    variance = ((x - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)
    scale, shift = layer.weight[:, None, None], layer.bias[:, None, None]
    return scale * (x - mean) / torch.sqrt(variance + 1e-5) + shift


class batch_statistics_in_evaluation(nn.Module):
    """batch norms that use the batch's statistics in evaluation mode too"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.stride = stride
        self.norm1, self.norm2 = nn.BatchNorm2d(in_channels), nn.BatchNorm2d(out_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, bias=False)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride > 1:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        a = torch.clamp(_norm(x, self.norm1), min=0)
        y = F.conv2d(a, self.conv1.weight, stride=self.stride, padding=1)
        y = F.conv2d(_norm(y, self.norm2).clamp(min=0), self.conv2.weight, padding=1)
        if self.shortcut is None:
            return x + y
        return y + F.conv2d(a, self.shortcut.weight, stride=self.stride)


class convolutions_with_bias(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class eval_statistics(nn.Module):
    """a block whose batch norms do not use the batch's statistics"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1.eval()(x))
        y = self.conv1(a)
        b = F.relu(self.norm2.eval()(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class no_first_norm(nn.Module):
    """a block whose first batch norm is missing"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(x)
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class no_first_relu(nn.Module):
    """a block whose first rectifier is missing"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = self.norm1(x)
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class no_norm(nn.Module):
    """a block without batch norm"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(x)
        y = self.conv1(a)
        b = F.relu(y)
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class no_relu(nn.Module):
    """a block without rectifiers"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = self.norm1(x)
        y = self.conv1(a)
        b = self.norm2(y)
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class no_second_norm(nn.Module):
    """a block whose second batch norm is missing"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(y)
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class no_second_relu(nn.Module):
    """a block whose second rectifier is missing"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = self.norm2(y)
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class no_shortcut(nn.Module):
    """a block without its shortcut"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z


class norm_and_relu_behind(nn.Module):
    """a block with norm and rectifier after each convolution"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = x
        y = self.conv1(a)
        b = F.relu(self.norm1(y))
        z = F.relu(self.norm2(self.conv2(b)))
        return z + (self.shortcut(x) if self.changes else x)


class post_activation(nn.Module):
    """a post-activated block"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = x
        y = self.conv1(a)
        b = F.relu(self.norm1(y))
        z = self.norm2(self.conv2(b))
        return F.relu(z + (self.shortcut(x) if self.changes else x))


class projection_of_x(nn.Module):
    """a projection of x itself"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z + (self.shortcut(x) if self.changes else x)


class projection_without_stride(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class relu_after_the_sum(nn.Module):
    """a rectifier after the sum"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return F.relu(z + (self.shortcut(a) if self.changes else x))


class relu_before_norm(nn.Module):
    """a block with its rectifiers before the norms"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = self.norm1(F.relu(x))
        y = self.conv1(a)
        b = self.norm2(F.relu(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


def _norm_of_scale_and_shift_ignored(x):
    return F.batch_norm(x, None, None, training=True)


class scale_and_shift_ignored(nn.Module):
    """batch norms without their scale and shift"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(_norm_of_scale_and_shift_ignored(x))
        y = self.conv1(a)
        b = F.relu(_norm_of_scale_and_shift_ignored(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class shortcut_of_the_activated(nn.Module):
    """a shortcut that carries the activated input"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else a)


class shortcut_only_when_shapes_agree(nn.Module):
    """a block with a shortcut only where the shapes agree"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z + x if z.shape == x.shape else z


class stride_in_the_second_convolution(nn.Module):
    """a stride in the second convolution"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, stride, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)


class subtracted(nn.Module):
    """a shortcut that is subtracted"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        return z - (self.shortcut(a) if self.changes else x)


class zero_channels(nn.Module):
    """a shortcut that fills up with zero channels"""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.changes = stride != 1 or in_channels != out_channels
        self.stride = stride

    def forward(self, x):
        a = F.relu(self.norm1(x))
        y = self.conv1(a)
        b = F.relu(self.norm2(y))
        z = self.conv2(b)
        if not self.changes:
            return z + x
        more = z.shape[1] - x.shape[1]
        return z + F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, more))
