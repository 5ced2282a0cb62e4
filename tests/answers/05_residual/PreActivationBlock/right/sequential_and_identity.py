import torch


class PreActivationBlock(torch.nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        for i, (channels, step) in enumerate([(in_channels, stride), (out_channels, 1)], 1):
            conv = torch.nn.Conv2d(channels, out_channels, 3, step, 1, bias=False)
            self.add_module(f"norm{i}", torch.nn.BatchNorm2d(channels))
            self.add_module(f"conv{i}", conv)
        self.shortcut = torch.nn.Identity()
        if (stride, in_channels) != (1, out_channels):
            self.shortcut = torch.nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x):
        active = self.norm1(x).relu()
        start = x if isinstance(self.shortcut, torch.nn.Identity) else active
        for layer in (self.conv1, self.norm2, torch.nn.ReLU(inplace=True), self.conv2):
            active = layer(active)
        return self.shortcut(start) + active
