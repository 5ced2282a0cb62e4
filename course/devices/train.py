"""Trains a net on several devices by torch's DistributedDataParallel, one process for each.

torchrun --standalone --nproc-per-node 2 -m course.devices.train --norm sync --epochs 5

One command on two processes of a CPU (gloo) and on eight GPUs (NCCL); on several machines torchrun
wants `--nnodes` and `--rdzv-endpoint` besides. Without torchrun it is one process.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import sys
import time
from collections.abc import Iterator, Sequence

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from course import small_net
from course.devices import parallel
from course.devices.processes import backend, device, use_loopback

LIMIT = datetime.timedelta(minutes=5)  # for each exchange: a process that died is not waited for


@contextlib.contextmanager
def joined() -> Iterator[None]:
    """Join the processes that torchrun started, and leave at the end, whatever happens."""
    for name, alone in [("RANK", 0), ("WORLD_SIZE", 1), ("LOCAL_RANK", 0), ("LOCAL_WORLD_SIZE", 1)]:
        os.environ.setdefault(name, str(alone))
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", "0")
    here = int(os.environ["LOCAL_WORLD_SIZE"])
    if here == int(os.environ["WORLD_SIZE"]):
        use_loopback()
    dist.init_process_group(backend(here), timeout=LIMIT)
    try:
        if device().type == "cuda":
            torch.cuda.set_device(device())
        yield
        dist.barrier()  # who leaves while another still sends would end it
    finally:
        dist.destroy_process_group()


def train(
    norm: str = "batch", epochs: int = 5, batch_size: int = 64, lr: float = 0.1, seed: int = 0
) -> dict[str, float]:
    """Train `parallel.net` on the digits; runs in every process of a group.

    DistributedDataParallel gives each process the *mean* of all processes' gradients, and sends
    those of the last layers while the first ones are still being computed. Each process reads its
    own part of the data; `set_epoch` draws a new order, the same in all.

    Args:
        norm: as for `parallel.net`.
        epochs: passes over the 1,500 training digits.
        batch_size: over all processes; a multiple of their number.
        lr: SGD with momentum 0.9.
        seed: of the weights and of the order.

    Returns:
        In every process the same: "accuracy" on the test digits in percent, "loss" of the last
        epoch, "digits_per_second".

    Raises:
        ValueError: the batch cannot be dealt out equally.
    """
    devices, here = dist.get_world_size(), device()
    if batch_size % devices:
        raise ValueError(f"batch_size must be a multiple of {devices} processes, got {batch_size}")
    data = TensorDataset(*small_net.load("train"))
    sampler = DistributedSampler(data, seed=seed, drop_last=True)
    loader = DataLoader(data, batch_size // devices, sampler=sampler, drop_last=True)
    net = parallel.net(norm, seed).to(here)
    model = DistributedDataParallel(net)
    optimizer = torch.optim.SGD(model.parameters(), lr, momentum=0.9)
    began, seen = time.perf_counter(), 0
    for epoch in range(epochs):
        sampler.set_epoch(epoch)
        total, steps = torch.zeros((), device=here), 0
        for x, y in loader:
            loss = F.cross_entropy(model(x.to(here)), y.to(here))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, steps, seen = total + loss.detach(), steps + 1, seen + batch_size
    dist.all_reduce(total)
    seconds = time.perf_counter() - began
    right = _accuracy(net)
    return {
        "accuracy": right,
        "loss": total.item() / devices / steps,
        "digits_per_second": seen / seconds,
    }


def _accuracy(net: nn.Module) -> float:
    """Of process 0's net, whose running statistics are those that are kept; told to all."""
    x, y = small_net.load("test")
    net.eval()
    with torch.no_grad():
        right = (net(x.to(device())).argmax(1).cpu() == y).float().mean().to(device())
    dist.broadcast(right, 0)
    return 100 * right.item()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="torchrun --standalone --nproc-per-node 2 -m course.devices.train",
        description=__doc__.splitlines()[0],
    )
    parser.add_argument("--norm", choices=parallel.NORMS, default="batch")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=64, help="over all processes")
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    with joined():
        first = dist.get_rank() == 0
        try:
            found = train(**vars(given))
        except ValueError as problem:
            if first:
                print(problem, file=sys.stderr)
            sys.exit(2)
        if first:
            print(
                f"{dist.get_world_size()} processes, {dist.get_backend()}: "
                f"test accuracy {found['accuracy']:.1f} %, loss {found['loss']:.3f}, "
                f"{found['digits_per_second']:,.0f} digits a second"
            )


if __name__ == "__main__":
    main()
