"""Weights that others trained: P-Net of a package, torchvision's published nets of the internet."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from course import models

# MTCNN's first net (Zhang et al., 2016) as facenet-pytorch 2.6.0 ships it, under the MIT licence.
PNET_SHA256 = "a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f"
PNET_INSTALL = "pip install --no-deps facenet-pytorch==2.6.0"


class PNet(nn.Module):
    """Is there a face? A classifier of windows of 12 x 12 pixels, 6,632 parameters.

    Three convolutions of 3 x 3 and a pooling bring 12 x 12 pixels to one place of 32 channels; two
    layers of 1 x 1 read it. On a larger picture the same layers answer for every window of it, in
    steps of 2 pixels.

    Source: Zhang et al., "Joint face detection and alignment using multi-task cascaded
    convolutional networks" (2016), figure 2.
    """

    SIDE, STRIDE = 12, 2

    def __init__(self):
        super().__init__()
        self.conv1, self.prelu1 = nn.Conv2d(3, 10, 3), nn.PReLU(10)
        self.pool1 = nn.MaxPool2d(2, ceil_mode=True)
        self.conv2, self.prelu2 = nn.Conv2d(10, 16, 3), nn.PReLU(16)
        self.conv3, self.prelu3 = nn.Conv2d(16, 32, 3), nn.PReLU(32)
        self.conv4_1 = nn.Conv2d(32, 2, 1)  # no face, face
        self.conv4_2 = nn.Conv2d(32, 4, 1)  # where its box lies in the window

    def features(self, x: Tensor) -> Tensor:
        """(N, 32, I, J) of (N, 3, H, W)."""
        x = self.pool1(self.prelu1(self.conv1(x)))
        return self.prelu3(self.conv3(self.prelu2(self.conv2(x))))

    def forward(self, x: Tensor) -> Tensor:
        """How likely a face is in each window: (N, I, J) of (N, 3, H, W), from `scaled`."""
        return self.conv4_1(self.features(x)).softmax(1)[:, 1]


def pnet() -> PNet:
    """P-Net with the published weights, in eval mode.

    Raises:
        ModuleNotFoundError: facenet-pytorch is not installed; the message says how to.
        ValueError: its file is not the published one.
    """
    # Only where the package lies is asked: to import it would ask for torchvision.
    found = importlib.util.find_spec("facenet_pytorch")
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"P-Net's weights come with a package: {PNET_INSTALL}")
    data = (Path(found.origin).parent / "data" / "pnet.pt").read_bytes()
    if (got := hashlib.sha256(data).hexdigest()) != PNET_SHA256:
        raise ValueError(f"pnet.pt must have the sha256 {PNET_SHA256}, got {got}: {PNET_INSTALL}")
    net = PNet()
    net.load_state_dict(torch.load(io.BytesIO(data), weights_only=True))
    return net.eval()


def scaled(image: np.ndarray, share: float = 1.0) -> Tensor:
    """A photograph as P-Net reads it.

    Args:
        image: (H, W, 3) bytes.
        share: of its size that is left: a face must shrink to about 12 pixels to be found.

    Returns:
        (1, 3, round(share H), round(share W)) float32, about -1 to 1.
    """
    x = torch.from_numpy(image.copy()).permute(2, 0, 1)[None].float()
    size = [round(share * n) for n in x.shape[2:]]
    return (nn.functional.interpolate(x, size=size, mode="area") - 127.5) / 128


@torch.no_grad()
def window_by_window(net: PNet, x: Tensor) -> Tensor:
    """The same as `net(x)`, the slow way: each window is cut out and classified by itself.

    Args:
        x: (1, 3, H, W), H and W even and at least 12: else a last window sticks out by a pixel.

    Returns:
        (1, I, J), I = (H - 12) / 2 + 1.
    """
    windows = x.unfold(2, net.SIDE, net.STRIDE).unfold(3, net.SIDE, net.STRIDE)
    rows = [
        torch.cat([net(windows[:, :, i, j])[0, 0] for j in range(windows.shape[3])])
        for i in range(windows.shape[2])
    ]
    return torch.stack(rows)[None]


class Found(NamedTuple):
    """A window in a photograph, in its pixels, and how likely a face is in it."""

    row: int
    column: int
    side: int
    score: float


@torch.no_grad()
def find_face(net: PNet, image: np.ndarray, shares: tuple[float, ...]) -> tuple[Found, int]:
    """The likeliest window over several sizes of a photograph, and how many windows were asked.

    Args:
        image: (H, W, 3) bytes.
        shares: sizes, as for `scaled`.
    """
    best, asked = Found(0, 0, 0, -1.0), 0
    for share in shares:
        scores = net(scaled(image, share))[0]
        asked += scores.numel()
        row, column = divmod(int(scores.argmax()), scores.shape[1])
        places = (round(n * net.STRIDE / share) for n in (row, column))
        found = Found(*places, round(net.SIDE / share), float(scores[row, column]))
        best = max(best, found, key=lambda each: each.score)
    return best, asked


# --- published weights of torchvision ------------------------------------------------------------

BASE = "https://download.pytorch.org/models/"
# The eight characters at a file's end are the first ones of its SHA-256.
PUBLISHED: dict[str, tuple[str, Callable[[], nn.Module]]] = {
    "alexnet": ("alexnet-owt-7be5be79.pth", models.alexnet_later),
    "vgg16": ("vgg16-397923af.pth", models.vgg16),
    "resnet18": ("resnet18-f37072fd.pth", models.resnet18),
    "resnet34": ("resnet34-b627a593.pth", models.resnet34),
    "resnet50": ("resnet50-0676ba61.pth", lambda: models.resnet50(stride_at="3x3")),
}


def published(name: str) -> nn.Module:
    """A net of `course.models` with the weights that torchvision publishes, in eval mode.

    The first call downloads (ResNet-18: 45 MB, VGG-16: 528 MB) into torch's cache folder; the
    file's checksum is compared with its name's.

    Args:
        name: of `PUBLISHED`.

    Raises:
        ValueError: another name.
        ConnectionError: the file is not in the cache and cannot be downloaded, or it is not what
            its name says.

    Source: the BSD-licensed weights of torchvision, ImageNet-1k, its "version 1".
    """
    if name not in PUBLISHED:
        raise ValueError(f"name must be one of {', '.join(PUBLISHED)}, got {name!r}")
    file, build = PUBLISHED[name]
    try:
        # It says that it downloads, on stdout or, in older versions, on stderr.
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            weights = torch.hub.load_state_dict_from_url(
                BASE + file, progress=False, check_hash=True, map_location="cpu", weights_only=True
            )
    # A refused connection is an OSError; another checksum a RuntimeError.
    except (OSError, RuntimeError) as error:
        raise ConnectionError(
            f"{BASE + file} could not be downloaded ({error}): connect to the internet once."
        ) from error
    return with_weights(build(), weights)


def with_weights(net: nn.Module, weights: Mapping[str, Tensor]) -> nn.Module:
    """Give a net weights under other names: in their order, each of the shape that is wanted.

    Args:
        net: its layers come in the same order as those that were saved.
        weights: {name: tensor}.

    Returns:
        The net, in eval mode.

    Raises:
        ValueError: the shapes differ.
    """
    own = net.state_dict()
    # Old files do not say how many batches the norms have seen.
    wanted = [name for name in own if not name.endswith("num_batches_tracked")]
    given = [(n, w) for n, w in weights.items() if not n.endswith("num_batches_tracked")]
    if len(wanted) != len(given):
        raise ValueError(f"the net has {len(wanted)} tensors, the file {len(given)}")
    renamed = OrderedDict()
    for name, (other, tensor) in zip(wanted, given, strict=True):
        if own[name].shape != tensor.shape:
            shapes = tuple(own[name].shape), tuple(tensor.shape)
            raise ValueError(f"{name} must have shape {shapes[0]}, got {other} of {shapes[1]}")
        renamed[name] = tensor
    net.load_state_dict(renamed, strict=False)
    return net.eval()


# What torchvision's nets were trained on: mean and deviation of red, green and blue, from 0 to 1.
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def as_imagenet(image: np.ndarray, side: int = 224) -> Tensor:
    """A photograph as those nets read it: its middle square, scaled and standardised.

    A net must be given what it was trained on: other means move every batch norm's input.

    Args:
        image: (H, W, 3) bytes.
        side: pixels of the result.

    Returns:
        (1, 3, side, side) float32.
    """
    h, w = image.shape[:2]
    cut = min(h, w)
    top, left = math.floor((h - cut) / 2), math.floor((w - cut) / 2)
    square = image[top : top + cut, left : left + cut].copy()
    x = torch.from_numpy(square).permute(2, 0, 1)[None].float() / 255
    x = nn.functional.interpolate(x, size=(side, side), mode="area")
    mean, std = (torch.tensor(v)[:, None, None] for v in (IMAGENET_MEAN, IMAGENET_STD))
    return (x - mean) / std
