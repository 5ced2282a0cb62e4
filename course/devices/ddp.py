"""Trains a net on several devices by torch's DistributedDataParallel, one process for each.

torchrun --standalone --nproc-per-node 2 -m course.devices.ddp --norm sync --epochs 5

`--data mnist` is a larger run. One command on two processes of a CPU (gloo) and, not run yet, on
GPUs (NCCL); on several machines torchrun wants `--nnodes` and `--rdzv-endpoint` besides. Without
torchrun it is one process.
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
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from course import datasets, small_net
from course.devices import parallel
from course.devices.processes import backend, device, leave, use_loopback

LIMIT = datetime.timedelta(minutes=5)  # for each exchange: a process that died is not waited for


@contextlib.contextmanager
def joined() -> Iterator[None]:
    """Join the processes that torchrun started, and leave at the end, whatever happens."""
    for name, usual in [("RANK", 0), ("WORLD_SIZE", 1), ("LOCAL_RANK", 0), ("LOCAL_WORLD_SIZE", 1)]:
        os.environ.setdefault(name, str(usual))
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


def load(data: str = "digits", part: str = "train") -> tuple[Tensor, Tensor]:
    """Digits, standardised by the training part, and their classes.

    Args:
        data: "digits" (1,500 to train, 8x8) or "mnist" (60,000, 28x28, downloaded once).
        part: "train" or "test".

    Returns:
        (N, 1, S, S) float32 and (N,) int64.

    Raises:
        ConnectionError: MNIST is nowhere and cannot be downloaded.
    """
    if data == "digits":
        return small_net.load(part)
    chosen = datasets.mnist(part)
    by = chosen if part == "train" else datasets.mnist("train")
    return torch.from_numpy(datasets.standardise(chosen, by=by)), torch.tensor(chosen.labels)


def train(
    norm: str = "batch",
    epochs: int = 5,
    batch_size: int = 64,
    lr: float = 0.1,
    seed: int = 0,
    data: str = "digits",
) -> dict[str, float]:
    """Train `parallel.net` on the digits; runs in every process of a group.

    DistributedDataParallel gives each process the *mean* of all processes' gradients, and sends
    those of the last layers while the first ones are still being computed. Each process reads its
    own part of the data; `set_epoch` draws a new order, the same in all.

    Args:
        norm: as for `parallel.net`.
        epochs: passes over the training digits.
        batch_size: over all processes; a multiple of their number.
        lr: SGD with momentum 0.9.
        seed: of the weights and of the order.
        data: as for `load`.

    Returns:
        In every process the same: "accuracy" on the test digits in percent, "loss" of the last
        epoch, "digits_per_second".

    Raises:
        ValueError: the batch cannot be dealt out equally.
        ConnectionError: as `load`.
    """
    devices, here = dist.get_world_size(), device()
    if batch_size % devices:
        raise ValueError(f"batch_size must be a multiple of {devices} processes, got {batch_size}")
    training, test = _loaded(data)
    examples = TensorDataset(*training)
    sampler = DistributedSampler(examples, seed=seed, drop_last=True)
    loader = DataLoader(examples, batch_size // devices, sampler=sampler, drop_last=True)
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
    right = _accuracy(net, *test)
    return {
        "accuracy": right,
        "loss": total.item() / devices / steps,
        "digits_per_second": seen / seconds,
    }


def _loaded(data: str) -> list[tuple[Tensor, Tensor]]:
    """Both parts, in every process: the first may download, the others wait for its files."""

    def both() -> list[tuple[Tensor, Tensor]]:
        return [load(data, part) for part in ("train", "test")]

    found, problem = None, ConnectionError("process 0 found no data")
    if dist.get_rank() == 0:
        try:
            found = both()
        except ConnectionError as its:
            problem = its
    there = torch.tensor(float(found is not None), device=device())
    dist.broadcast(there, 0)  # that all end alike, and nobody waits for who has given up
    if not there:
        raise problem
    return found or both()


def _accuracy(net: nn.Module, x: Tensor, y: Tensor) -> float:
    """Of process 0's net, whose running statistics are those that are kept; told to all."""
    net.eval()
    with torch.no_grad():
        said = [net(part.to(device())).argmax(1).cpu() for part in x.split(1000)]
        right = (torch.cat(said) == y).float().mean().to(device())
    dist.broadcast(right, 0)
    return 100 * right.item()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="torchrun --standalone --nproc-per-node 2 -m course.devices.ddp",
        description=__doc__.splitlines()[0],
    )
    parser.add_argument("--data", choices=["digits", "mnist"], default="digits")
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
        except (ValueError, ConnectionError) as problem:
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
    leave()
