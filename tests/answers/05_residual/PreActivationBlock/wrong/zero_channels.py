import torch.nn.functional as F
from torch import nn

DIAGNOSIS = "a shortcut that fills up with zero channels"


class PreActivationBlock(nn.Module):
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
