"""Training at full size: each step is one captured CUDA graph, and many nets train at once.

A small net leaves a large GPU idle: launching a kernel takes longer than the kernel. So a step is
captured once as a CUDA graph and replayed, and each net has a stream of its own, so that the
kernels of several nets fill the GPU together. Elsewhere the same steps run one after the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import nn

from course.training import Training

WARM_UP = 3  # steps before the capture, in which cuDNN chooses and the optimizer makes its state


class GraphedTraining(Training):
    """`Training` whose steps never wait for the host: on a CUDA GPU each is a replayed graph.

    The images of an epoch are moved and mirrored at its beginning, all at once; the net computes
    in `dtype` under autocast, with channels last, and keeps its weights in float32.

    Args:
        model, x, y, settings: as in `Training`, but for `drop_last` and `loss`: a graph has whole
            batches and the cross-entropy.
        dtype: torch.bfloat16, or torch.float32 for no autocast.
    """

    def __init__(self, model: nn.Module, x, y, *, dtype: torch.dtype = torch.bfloat16, **settings):
        super().__init__(model, x, y, **settings)
        self.dtype = dtype
        self.model.to(memory_format=torch.channels_last)
        # The rate is a tensor: a graph reads it anew at each replay.
        self.rate = torch.tensor(float(self.lr), device=self.device)
        given = self.optimizer.param_groups[0]
        self.optimizer = torch.optim.SGD(
            model.parameters(),
            lr=self.rate,
            momentum=given["momentum"],
            weight_decay=given["weight_decay"],
            fused=True,
        )
        on_cuda = self.device.type == "cuda"
        self.stream = torch.cuda.Stream(self.device) if on_cuda else None
        self.graph: torch.cuda.CUDAGraph | None = None
        self.images: torch.Tensor | None = None
        # What a step reads and adds to: on the device, so that no step waits for the host.
        whole = torch.zeros((), device=self.device, dtype=torch.int64)
        self.at, self.wrong = whole.clone(), whole.clone()
        self.loss_sum = torch.zeros((), device=self.device)
        self.within = torch.arange(self.batch_size, device=self.device)

    def run_epoch(self, on_step: Callable | None = None) -> dict | None:
        """Train one epoch; as `Training.run_epoch`."""
        (row,) = run_epochs([self], on_step) or [None]
        return row

    def begin_epoch(self) -> None:
        """Shuffle, move and mirror the images of the next epoch."""
        self.began = time.perf_counter()
        self.model.train()
        if self.stream is not None:  # what other streams still write is read here
            self.stream.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(self.stream):
            order = torch.randperm(len(self.x), generator=self.generator)
            order = order[: self.steps * self.batch_size].to(self.device)
            images = self.x[order]
            if self.augment:
                images = self.augment(images, self.generator)
            images = images.contiguous(memory_format=torch.channels_last)
            # Written in place: the graph reads from where it was captured.
            if self.images is None:
                self.images, self.classes = images, self.y[order]
                if self.stream is not None:
                    self._capture()
            else:
                self.images.copy_(images)
                self.classes.copy_(self.y[order])
            self.rate.fill_(self._rate())
            for counter in (self.at, self.loss_sum, self.wrong):
                counter.zero_()

    def step(self) -> None:
        """Launch one step; the host does not wait for it."""
        with torch.cuda.stream(self.stream):  # None: no stream is set
            self._one_step() if self.graph is None else self.graph.replay()

    def end_epoch(self) -> dict:
        """Wait for the epoch's last step; gives `Training.run_epoch`'s row."""
        if self.stream is not None:
            self.stream.synchronize()
        rate = self._rate()
        self.epoch += 1
        return {
            "epoch": self.epoch,
            "loss": self.loss_sum.item() / self.steps,
            "train_error": 100 * self.wrong.item() / (self.steps * self.batch_size),
            "lr": rate,
            "seconds": time.perf_counter() - self.began,
        }

    def load_state_dict(self, state: dict) -> None:
        """Go on from where `state_dict()` was taken."""
        super().load_state_dict(state)
        self.optimizer.param_groups[0]["lr"] = self.rate

    def _rate(self) -> float:
        return self.lr * self.gamma ** sum(self.epoch >= m for m in self.milestones)

    def _one_step(self) -> None:
        rows = self.at * self.batch_size + self.within
        batch, classes = self.images[rows], self.classes[rows]
        with torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32):
            scores = self.model(batch)
        loss = F.cross_entropy(scores.float(), classes)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            self.loss_sum += loss
            self.wrong += (scores.argmax(1) != classes).sum()
            self.at += 1

    def _capture(self) -> None:
        """Capture one step, after a few that are undone."""
        kept = {name: value.clone() for name, value in self.model.state_dict().items()}
        momenta = {p: s["momentum_buffer"].clone() for p, s in self.optimizer.state.items()}
        for _ in range(WARM_UP):
            self._one_step()
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph, stream=self.stream):
            self._one_step()
        self.model.load_state_dict(kept)  # in place, as the graph needs it
        for parameter, state in self.optimizer.state.items():
            old = momenta.get(parameter)
            # SGD's first momentum is the first gradient: what zero becomes by its first step.
            state["momentum_buffer"].zero_() if old is None else state["momentum_buffer"].copy_(old)


def run_epochs(trainings: Sequence[Training], on_step: Callable | None = None) -> list[dict]:
    """Train one epoch of several nets, side by side where there are several.

    Args:
        trainings: one, or several `GraphedTraining` with equally many steps in an epoch.
        on_step: called after each step of all, without arguments; a true result stops the epoch.

    Returns:
        A row for each, as `Training.run_epoch` gives it; empty if the epoch was stopped.
    """
    if not all(isinstance(training, GraphedTraining) for training in trainings):
        (alone,) = trainings
        return [row for row in [alone.run_epoch(on_step)] if row]
    for training in trainings:
        training.begin_epoch()
    for _ in range(trainings[0].steps):
        for training in trainings:
            training.step()
        if on_step and on_step():
            return []
    return [training.end_epoch() for training in trainings]
