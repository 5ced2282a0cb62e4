"""How well a net of two classes finds the pixels of one: the intersection over union and others."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def measure(net: nn.Module, x: Tensor, masks: Tensor) -> dict[str, float]:
    """How well a net of two classes finds the pixels of class 1, in percent.

    Args:
        net: in eval mode.
        x: (N, 1, H, W).
        masks: (N, H, W) bool.

    Returns:
        "iou": of class 1, the mean over the pictures; "iou_pooled": of all pictures' pixels
        together; "iou_background"; "border": right pixels among those within one pixel of an
        outline; "pixels": right pixels.
    """
    with torch.no_grad():
        said = net(x).argmax(1) == 1
    return scores(said, masks)


def scores(said: Tensor, masks: Tensor) -> dict[str, float]:
    """The same, of masks (N, H, W) that are there already."""
    both, either = (said & masks).sum((1, 2)), (said | masks).sum((1, 2))
    neither, not_both = (~said & ~masks).sum(), (~said | ~masks).sum()
    right, edge = said == masks, outline(masks)
    return {
        "iou": 100 * (both / either.clamp(min=1)).mean().item(),
        "iou_pooled": 100 * (both.sum() / either.sum()).item(),
        "iou_background": 100 * (neither / not_both).item(),
        "border": 100 * right[edge].double().mean().item(),
        "pixels": 100 * right.double().mean().item(),
    }


def outline(masks: Tensor) -> Tensor:
    """Pixels within one of an outline: a 3 x 3 neighbourhood holds both classes; (N, H, W) bool."""
    m = masks[:, None].float()
    grown, shrunk = F.max_pool2d(m, 3, 1, 1), -F.max_pool2d(-m, 3, 1, 1)
    return (grown > shrunk)[:, 0]
