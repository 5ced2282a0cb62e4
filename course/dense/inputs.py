"""Inputs of other kinds, made: a sound and its spectrogram, a walk, a picture, a volume, a film.

All are float64 without noise, and the same in every run.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy import ndarray

RATE = 8000  # sound: numbers a second
FRAMES = 50  # walk and film: frames a second
JOINTS = ("left hip", "left knee", "left ankle", "right hip", "right knee", "right ankle")


def tone(frequency: float, seconds: float = 0.5, harmonics: int = 4) -> ndarray:
    """A note that fades: a frequency in hertz and its multiples, each half as strong; (1, L)."""
    t = np.arange(round(seconds * RATE)) / RATE
    waves = [0.5**k * np.sin(2 * np.pi * k * frequency * t) for k in range(1, harmonics + 1)]
    return (np.sum(waves, axis=0) * np.exp(-4 * t))[None]


def sound() -> ndarray:
    """A second and a half: a note, the note an octave above it, and a tone that climbs; (1, L)."""
    t = np.arange(RATE // 2) / RATE
    climbing = np.sin(2 * np.pi * (400 * t + 2400 * t**2))[None]  # from 400 to 2,800 hertz
    return np.concatenate([tone(250), tone(500), climbing], axis=1)


def spectrogram(x: ndarray, window: int = 256, hop: int = 128) -> ndarray:
    """How much of each frequency sounds when: magnitudes of the discrete Fourier transform.

        S[f, t] = | sum over n of x[t hop + n] v[n] exp(-2 pi i f n / window) |

    with the window v[n] = sin^2(pi n / window), which fades in and out.

    Args:
        x: (1, L).
        window: numbers that are transformed together; even.
        hop: step between windows.

    Returns:
        (1, window // 2 + 1, T): rows are frequencies, row f stands for f RATE / window hertz.
    """
    pieces = np.lib.stride_tricks.sliding_window_view(x[0], window)[::hop]
    fading = np.sin(np.pi * np.arange(window) / window) ** 2
    return np.abs(np.fft.rfft(pieces * fading)).T[None]


def walk(seconds: float = 4.0, pace: float = 1.0) -> ndarray:
    """Angles of six joints in degrees while somebody walks; (6, T), the channels are `JOINTS`.

    The right leg does what the left did half a step earlier. Curves of this shape, not measured.

    Args:
        seconds: how long.
        pace: full steps a second.
    """
    t = np.arange(round(seconds * FRAMES)) / FRAMES
    angles = []
    for side in (0.0, 0.5):
        phase = 2 * np.pi * (pace * t + side)
        hip = 10 + 25 * np.cos(phase)
        knee = 30 - 22 * np.cos(phase - 0.6) - 16 * np.cos(2 * phase - 0.3)
        ankle = 2 + 10 * np.sin(phase - 0.8) + 6 * np.sin(2 * phase)
        angles += [hip, knee, ankle]
    return np.stack(angles)


@functools.cache
def _photograph() -> ndarray:
    from sklearn.datasets import load_sample_image

    return load_sample_image("china.jpg")


def picture(height: int = 96, width: int = 128) -> ndarray:
    """A part of scikit-learn's photograph of a temple; (3, height, width), red, green, blue."""
    part = _photograph()[60 : 60 + 2 * height : 2, 160 : 160 + 2 * width : 2]
    return np.moveaxis(part / 255.0, 2, 0)


def volume(size: int = 32) -> ndarray:
    """A body as a scanner sees it: ellipsoids of different density; (1, D, H, W)."""
    z, y, x = np.meshgrid(*[np.linspace(-1, 1, size)] * 3, indexing="ij")
    ellipsoids = [
        # density, middle (z, y, x), half axes
        (1.0, (0, 0, 0), (0.9, 0.75, 0.6)),  # the skull
        (-0.7, (0, 0, 0), (0.82, 0.67, 0.52)),  # what it holds
        (-0.2, (0.1, -0.2, 0.2), (0.3, 0.25, 0.12)),
        (-0.2, (0.1, -0.2, -0.2), (0.3, 0.25, 0.12)),
        (0.5, (-0.3, 0.25, 0.05), (0.15, 0.12, 0.12)),  # what is looked for
    ]
    body = np.zeros((size, size, size))
    for density, (a, b, c), (p, q, r) in ellipsoids:
        body += density * (((z - a) / p) ** 2 + ((y - b) / q) ** 2 + ((x - c) / r) ** 2 <= 1)
    return body[None]


def film(frames: int = 16, height: int = 48, width: int = 64, speed: int = 3) -> ndarray:
    """The camera pans over the photograph, some pixels a frame; (3, T, height, width)."""
    wide = picture(height, width + speed * (frames - 1))
    return np.stack([wide[:, :, speed * t : speed * t + width] for t in range(frames)], axis=1)


def shifted(x: ndarray, axis: int, by: int) -> ndarray:
    """Move an input along one axis, towards higher indices; what comes in is zero."""
    moved = np.zeros_like(x)
    here, there = ([slice(None)] * x.ndim for _ in range(2))
    here[axis], there[axis] = slice(by, None), slice(None, x.shape[axis] - by)
    moved[tuple(here)] = x[tuple(there)]
    return moved
