import torch.nn.functional as F
from torch import nn

DIAGNOSIS = "batch norms without their scale and shift"


def norm(x):
    return F.batch_norm(x, None, None, training=True)


class PreActivationBlock(nn.Module):
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
        a = F.relu(norm(x))
        y = self.conv1(a)
        b = F.relu(norm(y))
        z = self.conv2(b)
        return z + (self.shortcut(a) if self.changes else x)
