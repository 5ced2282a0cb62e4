"""Chooses the device that the torch twins run on: CUDA, else Apple's MPS, else the CPU."""

from __future__ import annotations

import functools
import os

import torch


@functools.cache
def device() -> torch.device:
    """The fastest device here. The first call says which it is, once, for the student.

    `COURSE_DEVICE` in the environment (say, `cpu` or `cuda:1`) overrides the choice.
    MPS knows no float64: keep float32 there.
    """
    chosen, why = _choose()
    print(f"torch runs on {chosen}: {why}")
    return chosen


def _choose() -> tuple[torch.device, str]:
    if wanted := os.environ.get("COURSE_DEVICE"):
        return torch.device(wanted), "COURSE_DEVICE asks for it"
    if torch.cuda.is_available():
        return torch.device("cuda"), torch.cuda.get_device_name()
    if torch.backends.mps.is_available():
        return torch.device("mps"), "Apple's GPU (float32 at most)"
    return torch.device("cpu"), "no GPU found, and none is needed"
