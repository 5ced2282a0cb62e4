"""The part of each of several processes: its share of the data, or its columns of the net.

Every function runs in all processes of a group at once (`processes`, or torchrun) and finds its
number by `torch.distributed.get_rank()`. `one_process` computes the same without a group, to
compare with.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn

from course.devices import reference
from course.devices.processes import device, tick
from course.small_net import load

BATCH_SIZE = 64
NORMS = ("none", "group", "batch", "sync")


class _Sum(torch.autograd.Function):
    """The sum over the processes; the gradient of the sum of all losses is a sum, too."""

    @staticmethod
    def forward(ctx, x):
        total = x.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx, grad_output):
        total = grad_output.clone()
        dist.all_reduce(total)
        return total


class _Gather(torch.autograd.Function):
    """The maps of all processes side by side; back comes each one's part of the summed gradient."""

    @staticmethod
    def forward(ctx, x):
        parts = [torch.empty_like(x) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, x.contiguous())
        return torch.cat(parts, 1)

    @staticmethod
    def backward(ctx, grad_output):
        total = grad_output.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(total)
        return total.chunk(dist.get_world_size(), 1)[dist.get_rank()]


class SyncBatchNorm2d(nn.BatchNorm2d):
    """Batch norm by the whole batch, of which each process has a part, on any device.

    torch.nn.SyncBatchNorm does the same, in one exchange, on GPUs alone. In eval mode it is an
    ordinary batch norm. The losses must be such that their *sum* over the processes is the loss of
    the whole batch: gradients flow from every process's loss into every process's input.
    """

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return super().forward(input)
        axes, column = (0, 2, 3), (1, -1, 1, 1)
        m = input.new_tensor(input.numel() // input.shape[1])
        dist.all_reduce(m)
        mean = _Sum.apply(input.sum(axes)) / m
        centred = input - mean.view(column)
        var = _Sum.apply(centred.square().sum(axes)) / m
        with torch.no_grad():
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(var * m / (m - 1), self.momentum)
            self.num_batches_tracked.add_(1)
        scale = self.weight * (var + self.eps).rsqrt()
        return centred * scale.view(column) + self.bias.view(column)


class ShardedBatchNorm2d(nn.BatchNorm2d):
    """What batch norm on several devices computes, in one process: each part of the batch alone.

    Running statistics follow the first part, as those of process 0 are the ones that are kept.

    Args:
        num_features: C.
        devices: into how many equal parts a batch is cut, in order.
    """

    def __init__(self, num_features: int, devices: int):
        super().__init__(num_features)
        self.devices = devices

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return super().forward(input)
        first, *others = input.chunk(self.devices)
        found = [super().forward(first)]
        for part in others:
            found.append(F.batch_norm(part, None, None, self.weight, self.bias, True, eps=self.eps))
        return torch.cat(found)


def net(norm: str = "none", seed: int = 0, devices: int = 1) -> nn.Sequential:
    """Two convolutions of 3x3 (16 and 32 channels), global mean, linear to 10 classes.

    Args:
        norm: behind each convolution: "none", "group" (4 groups), "batch", "sync", or "sharded".
        seed: of the weights: the same in every process, or the copies would differ from the start.
        devices: for "sharded".
    """
    norms = {
        "none": lambda c: nn.Identity(),
        "group": lambda c: nn.GroupNorm(4, c),
        "batch": nn.BatchNorm2d,
        "sync": SyncBatchNorm2d,
        "sharded": lambda c: ShardedBatchNorm2d(c, devices),
    }
    if norm not in norms:
        raise ValueError(f"norm must be one of {', '.join(norms)}, got {norm!r}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(
            *(nn.Conv2d(1, 16, 3, padding=1), norms[norm](16), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(16, 32, 3, padding=1), norms[norm](32), nn.ReLU()),
            *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10)),
        )


# --- data parallelism ----------------------------------------------------------------------------


def all_reduce_gradients(model: nn.Module) -> None:
    """Sum the gradients of a model over all processes, in place: in one message, not in many."""
    gradients = [p.grad for p in model.parameters()]
    flat = torch.cat([g.reshape(-1) for g in gradients])
    dist.all_reduce(flat)
    for g, summed in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
        g.copy_(summed.view_as(g))


def gradient(
    norm: str = "none",
    dtype: str = "float32",
    counts: Sequence[int] | None = None,
    weigh: bool = True,
) -> dict[str, np.ndarray]:
    """The gradient of the mean loss over 64 digits, each process computing with its own part.

    Args:
        norm: of `net`.
        dtype: "float32" or "float64".
        counts: examples of each process; equal parts when None.
        weigh: each *example* counts the same; else each *process*, which is wrong where the
            parts are unequal.

    Returns:
        {name of the parameter: gradient}, the same in every process.
    """
    rank, devices = dist.get_rank(), dist.get_world_size()
    counts = counts or reference.shard_sizes(BATCH_SIZE, devices)
    model, x, y = _given(norm, dtype)
    mine = slice(sum(counts[:rank]), sum(counts[: rank + 1]))
    shared = BATCH_SIZE if weigh else counts[rank] * devices
    (F.cross_entropy(model(x[mine]), y[mine], reduction="sum") / shared).backward()
    all_reduce_gradients(model)
    return {name: p.grad.cpu().numpy() for name, p in model.named_parameters()}


def train(norm: str = "none", steps: int = 22, exchange: bool = True) -> dict[str, np.ndarray]:
    """Train on the digits in batches of 64, dealt out in order; SGD 0.1, momentum 0.9.

    Args:
        norm: of `net`.
        steps: how many.
        exchange: sum the gradients over the processes; else each process trains on its own.

    Returns:
        The state of the net on this process.
    """
    rank, devices = dist.get_rank(), dist.get_world_size()
    model = net(norm).to(device())
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    for x, y in batches(steps):
        mine = slice(rank * len(x) // devices, (rank + 1) * len(x) // devices)
        loss = F.cross_entropy(model(x[mine].to(device())), y[mine].to(device()))
        optimizer.zero_grad()
        (loss / devices).backward()
        if exchange:
            all_reduce_gradients(model)
        optimizer.step()
        tick()
    return {name: value.cpu().numpy() for name, value in model.state_dict().items()}


def batches(steps: int, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield `steps` batches of 64 digits, in an order that every process draws alike."""
    x, y = load("train")
    generator = torch.Generator().manual_seed(seed)
    remaining = steps
    while remaining > 0:
        order = torch.randperm(len(x), generator=generator)
        for chosen in order[: len(x) // BATCH_SIZE * BATCH_SIZE].split(BATCH_SIZE)[:remaining]:
            yield x[chosen], y[chosen]
            remaining -= 1


# --- model parallelism ---------------------------------------------------------------------------


def columns() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Forward and backward of a net split in columns, as AlexNet's was over two GPUs.

        conv 1 -> 16 | conv 16 -> 32 in groups | maps meet | conv 32 -> 32 | meet | linear to scores

    Each process holds its part of every layer's output channels. In the second convolution a column
    reads itself alone (groups = processes); before the third and before the linear layer all maps
    are gathered.

    Returns:
        The scores (64, 10), and the gradients of *this process's* parts.
    """
    rank, devices = dist.get_rank(), dist.get_world_size()
    weights = {
        name: value.chunk(devices)[rank].to(device()).requires_grad_()
        for name, value in column_weights(devices).items()
    }
    x, y = (values[:BATCH_SIZE].to(device()) for values in load("train"))
    x = F.max_pool2d(F.conv2d(x, weights["conv1"], padding=1).relu(), 2)
    x = F.conv2d(x, weights["conv2"], padding=1).relu()
    x = F.conv2d(_Gather.apply(x), weights["conv3"], padding=1).relu()
    # The linear layer's weight is cut along its inputs: each column has a part of every score.
    scores = _Sum.apply(x.mean((2, 3)) @ weights["linear"])
    # Each process computes the whole loss, and their sum is the loss of the net.
    (F.cross_entropy(scores, y) / devices).backward()
    return scores.detach().cpu().numpy(), {n: w.grad.cpu().numpy() for n, w in weights.items()}


def column_weights(devices: int) -> dict[str, Tensor]:
    """The weights of the whole net of `columns`."""
    generator = torch.Generator().manual_seed(0)

    def draw(*shape, fan):
        return torch.randn(shape, generator=generator) * (2 / fan) ** 0.5

    return {
        "conv1": draw(16, 1, 3, 3, fan=9),
        "conv2": draw(32, 16 // devices, 3, 3, fan=9 * 16 // devices),
        "conv3": draw(32, 32, 3, 3, fan=9 * 32),
        "linear": draw(32, 10, fan=32),
    }


# --- the ring ------------------------------------------------------------------------------------


def ring_all_reduce(values: Tensor) -> None:
    """Sum a tensor over all processes in place by send and recv, as `reference.ring_steps` does."""
    rank, devices = dist.get_rank(), dist.get_world_size()
    chunks = values.view(-1).tensor_split(devices)
    after, before = (rank + 1) % devices, (rank - 1) % devices
    for s in range(2 * (devices - 1)):
        sent, own = chunks[(rank - s) % devices], chunks[(rank - 1 - s) % devices]
        came = torch.empty_like(own)
        exchanges = [dist.P2POp(dist.isend, sent, after), dist.P2POp(dist.irecv, came, before)]
        for each in dist.batch_isend_irecv(exchanges):
            each.wait()
        own.copy_(own + came if s < devices - 1 else came)


def ring_sum(values: Sequence[np.ndarray]) -> np.ndarray:
    """This process's array, summed over all by `ring_all_reduce`."""
    mine = torch.from_numpy(values[dist.get_rank()].copy()).to(device())
    ring_all_reduce(mine)
    return mine.cpu().numpy()


def all_reduce_seconds(
    sizes: Sequence[int], repeats: int = 10, own: bool = False
) -> list[tuple[float, float]]:
    """Time all-reduces of float32.

    Args:
        sizes: how many numbers each has.
        repeats: of each, after one that is not counted.
        own: time `ring_all_reduce` in place of the library's.

    Returns:
        (best, median) seconds for each size.
    """
    reduce = ring_all_reduce if own else dist.all_reduce
    found = []
    for size in sizes:
        values = torch.zeros(size, device=device())
        times = []
        for _ in range(repeats + 1):
            dist.barrier()
            began = time.perf_counter()
            reduce(values)
            if values.is_cuda:
                torch.cuda.synchronize()
            times.append(time.perf_counter() - began)
        found.append((min(times[1:]), statistics.median(times[1:])))
        tick()
    return found


def _given(norm: str, dtype: str) -> tuple[nn.Module, Tensor, Tensor]:
    kind = getattr(torch, dtype)
    x, y = load("train")
    model = net(norm).to(device(), kind)
    return model, x[:BATCH_SIZE].to(device(), kind), y[:BATCH_SIZE].to(device())
