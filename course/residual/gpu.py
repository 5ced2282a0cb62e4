"""Plain and residual nets in torch, their training, and the twins of the NumPy reference."""

from __future__ import annotations

import copy
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn
from tqdm import tqdm

from course.residual.reference import STAGES

# --- the twins -----------------------------------------------------------------------------------


def shortcut(x, out_channels, stride=1, weight=None):
    """Carry the input of a block past it: the twin of `reference.shortcut`.

    Args:
        x: (N, C, H, W).
        out_channels: C_out of the block; at least C without a weight.
        stride: the block's stride, an integer or a pair.
        weight: (C_out, C, 1, 1), a projection, or None: subsample and pad with zero channels.

    Returns:
        (N, C_out, ceil(H / stride), ceil(W / stride)).
    """
    if weight is not None:
        return F.conv2d(x, weight, stride=stride)
    if out_channels < x.shape[1]:
        raise ValueError(
            f"out_channels must be at least {x.shape[1]}, the channels of x, where the shortcut "
            f"has no weight, got {out_channels}"
        )
    stride_h, stride_w = (stride, stride) if isinstance(stride, int) else stride
    return F.pad(x[:, :, ::stride_h, ::stride_w], (0, 0, 0, 0, 0, out_channels - x.shape[1]))


def residual_block(x, weight1, weight2, weight_shortcut=None, stride=1, activation="post"):
    """Two convolutions and a shortcut: the twin of `reference.residual_block`.

    Args:
        x: (N, C, H, W).
        weight1: (C_mid, C, k, k), k odd.
        weight2: (C_out, C_mid, k, k), k odd.
        weight_shortcut: (C_out, C, 1, 1), or None for the shortcut without parameters.
        stride: of the first convolution and of the shortcut.
        activation: "post" (He et al., 2015) or "pre" (He et al., 2016).

    Returns:
        (N, C_out, ceil(H / stride), ceil(W / stride)).
    """
    if activation not in ("post", "pre"):
        raise ValueError(f'activation must be "post" or "pre", got {activation!r}')
    for name, weight in (("weight1", weight1), ("weight2", weight2)):
        if any(k % 2 == 0 for k in weight.shape[2:]):
            raise ValueError(
                f"{name} must have odd kernel sizes, which keep the size, "
                f"got {tuple(weight.shape[2:])}"
            )
    padding1, padding2 = (tuple(k // 2 for k in w.shape[2:]) for w in (weight1, weight2))
    first = x.relu() if activation == "pre" else x
    f = F.conv2d(first, weight1, stride=stride, padding=padding1).relu()
    f = F.conv2d(f, weight2, padding=padding2)
    y = f + shortcut(x, len(weight2), stride, weight_shortcut)
    return y.relu() if activation == "post" else y


def stack(x, weights, shortcut=False):
    """Run a vector through fully-connected layers: the twin of `reference.stack`.

    Args:
        x: (D,).
        weights: (L, D, D).
        shortcut: whether each layer has one.

    Returns:
        (L + 1, D): the states x[0] to x[L].
    """
    states = [x]
    for weight in weights:
        f = (weight @ states[-1]).relu()
        states.append(states[-1] + f if shortcut else f)
    return torch.stack(states)


def jacobian_product(x, weights, shortcut=False):
    """How the stack's output depends on each layer's input: the twin of the reference's.

    Args:
        x: (D,).
        weights: (L, D, D).
        shortcut: whether each layer has one.

    Returns:
        (L + 1, D, D): dx[L]/dx[l] for l from 0 to L.
    """
    states = stack(x, weights, shortcut)[:-1]
    identity = torch.eye(len(x), dtype=x.dtype, device=x.device)
    jacobians = (torch.einsum("lij,lj->li", weights, states) > 0).unsqueeze(-1) * weights
    if shortcut:
        jacobians = identity + jacobians
    products = [identity]
    for jacobian in jacobians.flip(0):
        products.append(products[-1] @ jacobian)
    return torch.stack(products[::-1])


# --- the nets ------------------------------------------------------------------------------------


class Add(nn.Module):
    """The sum of the branch and the shortcut, as a module: so hooks see it."""

    def forward(self, branch, carried):
        return branch + carried


class PadShortcut(nn.Module):
    """Option A: take every `stride`-th pixel, add zero channels; no parameters."""

    def __init__(self, out_channels, stride):
        super().__init__()
        self.out_channels, self.stride = out_channels, stride

    def forward(self, x):
        return shortcut(x, self.out_channels, self.stride)

    def extra_repr(self):
        return f"out_channels={self.out_channels}, stride={self.stride}"


class Block(nn.Module):
    """Some convolutions with batch norm, and a shortcut around them (or none).

        post:  relu(branch(x) + shortcut(x)),  branch = conv bn relu ... conv bn
        pre:   branch(a) + shortcut(x),        a = relu(bn(x)),  branch = conv bn relu ... conv

    Where the shape changes, a pre-activation block carries a instead of x, as its paper's code.

    Args:
        in_channels: C.
        convolutions: a list of (out_channels, kernel_size, stride).
        shortcut: "A" (zero channels where the shape changes), "B" (a 1x1 projection there),
            "C" (a projection always) or None (a plain block).
        activation: "post" or "pre".

    Source: He et al. (2015), sections 3.3 and 4.1; He et al. (2016), figure 1.
    """

    def __init__(self, in_channels, convolutions, shortcut="B", activation="post"):
        super().__init__()
        _choice("shortcut", shortcut, ("A", "B", "C", None))
        _choice("activation", activation, ("post", "pre"))
        self.activation = activation
        self.before = _norm_relu(in_channels) if activation == "pre" else None
        branch, channels, stride = [], in_channels, 1
        for i, (out_channels, kernel_size, step) in enumerate(convolutions):
            if i:
                branch += _norm_relu(channels)
            branch.append(_conv(channels, out_channels, kernel_size, step))
            channels, stride = out_channels, stride * step
        if activation == "post":
            branch.append(nn.BatchNorm2d(channels))
        self.branch = nn.Sequential(*branch)

        self.changes = stride != 1 or channels != in_channels
        self.plain = shortcut is None
        if self.plain:
            self.shortcut = None
        elif shortcut == "C" or (self.changes and shortcut == "B"):
            self.shortcut = nn.Sequential(_conv(in_channels, channels, 1, stride))
            if activation == "post":
                self.shortcut.append(nn.BatchNorm2d(channels))
        elif self.changes:
            self.shortcut = PadShortcut(channels, stride)
        else:
            self.shortcut = nn.Identity()
        self.add = None if self.plain else Add()
        self.after = nn.ReLU() if activation == "post" else None

    def forward(self, x):
        a = self.before(x) if self.before else x
        y = self.branch(a)
        if not self.plain:
            y = self.add(y, self.shortcut(a if self.changes else x))
        return self.after(y) if self.after else y


def basic_block(in_channels, width, stride=1, shortcut="B", activation="post"):
    """Two 3x3 convolutions; the output has `width` channels."""
    return Block(in_channels, [(width, 3, stride), (width, 3, 1)], shortcut, activation)


def bottleneck_block(
    in_channels, width, stride=1, shortcut="B", activation="post", stride_at="1x1"
):
    """1x1 down to `width` channels, 3x3, 1x1 up to four times `width`.

    Args:
        stride_at: "1x1" as published, or "3x3" as most libraries have it: the same parameters,
            more operations.
    """
    _choice("stride_at", stride_at, ("1x1", "3x3"))
    first, second = (stride, 1) if stride_at == "1x1" else (1, stride)
    convolutions = [(width, 1, first), (width, 3, second), (4 * width, 1, 1)]
    return Block(in_channels, convolutions, shortcut, activation)


class ResNet(nn.Sequential):
    """The 6n + 2 family for small images: a convolution, three stages of n blocks, a classifier.

    With option A the shortcuts have no parameters: `ResNet(depth)` and `PlainNet(depth)` have
    equally many, and, seed for seed, the same ones at the start.

    Args:
        depth: 8, 14, 20, ...: layers with weights, 6n + 2.
        shortcut: "A", "B", "C", or None for a plain net.
        activation: "post" or "pre".
        widths: channels of the three stages; the paper's are (16, 32, 64).
        in_channels: of the images.
        num_classes: C of the output (N, C).

    Source: He et al. (2015), section 4.2.
    """

    def __init__(
        self,
        depth,
        shortcut="A",
        activation="post",
        widths=(16, 32, 64),
        in_channels=3,
        num_classes=10,
    ):
        if depth < 8 or (depth - 2) % 6:
            raise ValueError(f"depth must be 6n + 2 (8, 14, 20, ...), got {depth!r}")
        super().__init__()
        self.depth = depth
        self.settings = {
            "shortcut": shortcut,
            "activation": activation,
            "widths": tuple(widths),
            "in_channels": in_channels,
            "num_classes": num_classes,
        }
        blocks, channels = [], widths[0]
        for stage, width in enumerate(widths):
            for i in range((depth - 2) // 6):
                stride = 2 if stage and not i else 1
                blocks.append(basic_block(channels, width, stride, shortcut, activation))
                channels = width
        stem = [_conv(in_channels, widths[0], 3)]
        if activation == "post":
            stem += _norm_relu(widths[0])
        _assemble(self, stem, blocks, channels, activation, num_classes)


class PlainNet(ResNet):
    """`ResNet` without its shortcuts: the net that trains worse as it gets deeper."""

    def __init__(
        self, depth, activation="post", widths=(16, 32, 64), in_channels=3, num_classes=10
    ):
        super().__init__(depth, None, activation, widths, in_channels, num_classes)


class ImageNetResNet(nn.Sequential):
    """ResNet-18/34/50/101/152 for (N, 3, 224, 224), layer for layer as published.

    Args:
        depth: 18, 34 (basic blocks), 50, 101 or 152 (bottleneck blocks).
        shortcut: "B" as in the published nets, "A", "C", or None: a plain net, as plain-34.
        activation: "post" or "pre".
        stride_at: where a bottleneck steps, "1x1" as published or "3x3" as most libraries have it.
        in_channels: of the images.
        num_classes: C of the output (N, C).

    Source: He et al. (2015), table 1 and section 4.1.
    """

    def __init__(
        self,
        depth,
        shortcut="B",
        activation="post",
        stride_at="1x1",
        in_channels=3,
        num_classes=1000,
    ):
        if depth not in STAGES:
            raise ValueError(f"depth must be one of {', '.join(map(str, STAGES))}, got {depth!r}")
        super().__init__()
        self.depth = depth
        counts, convolutions = STAGES[depth]
        blocks, channels = [], 64
        for stage, count in enumerate(counts):
            for i in range(count):
                width, stride = 64 * 2**stage, 2 if stage and not i else 1
                if convolutions == 2:
                    blocks.append(basic_block(channels, width, stride, shortcut, activation))
                    channels = width
                else:
                    blocks.append(
                        bottleneck_block(channels, width, stride, shortcut, activation, stride_at)
                    )
                    channels = 4 * width
        stem = [_conv(in_channels, 64, 7, 2), *_norm_relu(64), nn.MaxPool2d(3, 2, 1)]
        _assemble(self, stem, blocks, channels, activation, num_classes)


def resnet18(**settings):
    """`ImageNetResNet(18, ...)`: 11,689,512 parameters."""
    return ImageNetResNet(18, **settings)


def resnet34(**settings):
    """`ImageNetResNet(34, ...)`: 21,797,672 parameters."""
    return ImageNetResNet(34, **settings)


def resnet50(**settings):
    """`ImageNetResNet(50, ...)`: 25,557,032 parameters."""
    return ImageNetResNet(50, **settings)


def resnet101(**settings):
    """`ImageNetResNet(101, ...)`: 44,549,160 parameters."""
    return ImageNetResNet(101, **settings)


def resnet152(**settings):
    """`ImageNetResNet(152, ...)`: 60,192,808 parameters."""
    return ImageNetResNet(152, **settings)


def initialise(model):
    """Draw the convolutions' weights as He et al. do: normal, variance 2 / fan_in.

    Source: He et al., "Delving deep into rectifiers" (2015), equation 10.
    """
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")


@torch.no_grad()
def add_identity_layers(net, depth):
    """The constructed solution: a deeper plain net that computes exactly what `net` does.

    Each new convolution copies its input (a Dirac kernel), each new batch norm changes nothing in
    eval mode, and a ReLU leaves its non-negative input alone. So a deeper net *can* be as good:
    that training does not find it is the degradation. In train mode the new batch norms would
    normalise by the batch, so the equality is one of eval mode.

    Args:
        net: a `PlainNet` with post-activation.
        depth: 6n + 2, at least `net.depth`.

    Returns:
        A `PlainNet(depth)` in eval mode.

    Source: He et al. (2015), section 1.
    """
    if net.settings["shortcut"] is not None or net.settings["activation"] != "post":
        raise ValueError("net must be a plain net with post-activation")
    if depth < net.depth:
        raise ValueError(f"depth must be at least {net.depth}, that of net, got {depth!r}")
    settings = {name: value for name, value in net.settings.items() if name != "shortcut"}
    deeper = PlainNet(depth, **settings)
    old = [module for module in net if isinstance(module, Block)]
    new = [module for module in deeper if isinstance(module, Block)]
    n_old, n_new = len(old) // 3, len(new) // 3
    for i, block in enumerate(new):
        stage, position = divmod(i, n_new)
        if position < n_old:
            block.load_state_dict(old[stage * n_old + position].state_dict())
            continue
        for module in block.branch:
            if isinstance(module, nn.Conv2d):
                nn.init.dirac_(module.weight)
            elif isinstance(module, nn.BatchNorm2d):
                # (x - mean) / sqrt(var + eps) is x for a mean of 0 and this variance.
                module.running_var.fill_(1 - module.eps)
    others = [[m for m in n if not isinstance(m, Block)] for n in (net, deeper)]
    for theirs, ours in zip(*others, strict=True):
        ours.load_state_dict(theirs.state_dict())
    return deeper.to(next(net.parameters()).device).eval()


def _assemble(net, stem, blocks, channels, activation, num_classes):
    """Stem, blocks (a last norm and ReLU if they come first in a block), average, classifier."""
    last = _norm_relu(channels) if activation == "pre" else []
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes)]
    for module in [*stem, *blocks, *last, *head]:
        net.append(module)
    initialise(net)


def _conv(in_channels, out_channels, kernel_size, stride=1):
    return nn.Conv2d(
        in_channels, out_channels, kernel_size, stride, padding=kernel_size // 2, bias=False
    )


def _norm_relu(channels):
    return nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU())


def _choice(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, got {value!r}")


# --- training ------------------------------------------------------------------------------------


class Training:
    """SGD with momentum, weight decay and a step schedule, one epoch at a time.

    Everything that the next epoch depends on is in `state_dict()`: a training that is stopped,
    loaded and continued gives the same numbers as one that was not.

    Args:
        model: gives (N, C) from a batch of x.
        x: (N, ...) float, on any device: it is moved to the model's.
        y: (N,) int64, the classes.
        lr, momentum, weight_decay: as in torch.optim.SGD.
        batch_size: images a step; an epoch leaves out what is left over (other images each time).
        milestones: epochs at which the rate is multiplied by `gamma`, counted from 0.
        seed: of the order of the images.
        augment: None, or a function (batch, torch.Generator) -> batch.
    """

    def __init__(
        self,
        model,
        x,
        y,
        *,
        lr=0.05,
        momentum=0.9,
        weight_decay=1e-4,
        batch_size=128,
        milestones=(),
        gamma=0.1,
        seed=0,
        augment=None,
    ):
        if len(x) != len(y):
            raise ValueError(f"y must have {len(x)} classes, one for each of x, got {len(y)}")
        self.device = next(model.parameters()).device
        self.model = model
        self.x, self.y = x.to(self.device), y.to(self.device)
        self.batch_size = min(batch_size, len(x))
        self.lr, self.milestones, self.gamma = lr, tuple(milestones), gamma
        self.augment = augment
        self.optimizer = torch.optim.SGD(
            model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay
        )
        # On the CPU, so that a seed means the same order on every device.
        self.generator = torch.Generator().manual_seed(seed)
        self.epoch = 0

    @property
    def steps(self):
        """Steps in an epoch."""
        return len(self.x) // self.batch_size

    def run_epoch(self, on_step=None):
        """Train one epoch.

        Args:
            on_step: called after each step without arguments; a true result stops the epoch.

        Returns:
            {"epoch" (from 1), "loss", "train_error" (percent, the running mean in train mode),
            "lr", "seconds"}; None if the epoch was stopped.
        """
        start = time.perf_counter()
        rate = self.lr * self.gamma ** sum(self.epoch >= m for m in self.milestones)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.model.train()
        order = torch.randperm(len(self.x), generator=self.generator).to(self.device)
        # Summed on the device: reading a number from a GPU at each step would make it wait.
        loss_sum = torch.zeros((), device=self.device)
        wrong = torch.zeros((), device=self.device, dtype=torch.int64)
        for i in range(self.steps):
            chosen = order[i * self.batch_size : (i + 1) * self.batch_size]
            batch, classes = self.x[chosen], self.y[chosen]
            if self.augment:
                batch = self.augment(batch, self.generator)
            scores = self.model(batch)
            loss = F.cross_entropy(scores, classes)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            loss_sum += loss.detach()
            wrong += (scores.detach().argmax(1) != classes).sum()
            if on_step and on_step():
                return None
        self.epoch += 1
        return {
            "epoch": self.epoch,
            "loss": loss_sum.item() / self.steps,
            "train_error": 100 * wrong.item() / (self.steps * self.batch_size),
            "lr": rate,
            "seconds": time.perf_counter() - start,
        }

    def state_dict(self):
        """All that the next epoch depends on."""
        return {
            "epoch": self.epoch,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
        }

    def load_state_dict(self, state):
        """Go on from where `state_dict()` was taken."""
        self.epoch = state["epoch"]
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])


def train(model, x, y, epochs, *, progress=True, name="training", stop=None, **settings):
    """Train a net and give its history.

    Args:
        model, x, y, settings: as in `Training`.
        epochs: how many.
        progress: show a bar, on stdout: nbgrader gives a cell that writes to stderr no points.
        name: what the bar is called.
        stop: called after each step without arguments; a true result ends the training there.

    Returns:
        A list of `Training.run_epoch`'s dicts, one for each epoch that was finished.
    """
    training = Training(model, x, y, **settings)
    history = []
    with tqdm(
        total=epochs * training.steps,
        desc=name,
        file=sys.stdout,
        disable=not progress,
        mininterval=0.5,
    ) as bar:

        def on_step():
            bar.update()
            return stop is not None and stop()

        while len(history) < epochs:
            row = training.run_epoch(on_step)
            if row is None:
                break
            history.append(row)
            bar.set_postfix(loss=f"{row['loss']:.3f}", error=f"{row['train_error']:.1f} %")
    return history


@torch.no_grad()
def error(model, x, y, batch_size=1000):
    """Percent of wrong answers in eval mode. The model is left in the mode it was in.

    For a deep plain net early in training this number is erratic, as batch norm's running
    statistics lag behind: compare training errors in train mode (`Training.run_epoch`).
    """
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    wrong = sum(
        (model(a.to(device)).argmax(1) != b.to(device)).sum().item()
        for a, b in zip(x.split(batch_size), y.split(batch_size), strict=True)
    )
    model.train(was_training)
    return 100 * wrong / len(x)


def gradient_norms(model, x, y):
    """The norm of the loss's gradient by the weights of each convolution, from input to output.

    In train mode, on a copy: the model, its gradients and its running statistics stay as they are.

    Args:
        model: a net.
        x: (N, ...), a batch.
        y: (N,) int64.

    Returns:
        A list of (name of the layer, norm). Projection shortcuts are left out.
    """
    model = copy.deepcopy(model).train()
    device = next(model.parameters()).device
    model.zero_grad()
    F.cross_entropy(model(x.to(device)), y.to(device)).backward()
    return [
        (name, module.weight.grad.norm().item())
        for name, module in model.named_modules()
        if isinstance(module, nn.Conv2d) and ".shortcut" not in name
    ]
