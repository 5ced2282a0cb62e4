"""The made inputs are what they say."""

import numpy as np
import pytest
import torch

from course.dense import inputs


def test_the_spectrogram_is_torchs():
    x = inputs.sound()
    window = torch.hann_window(256, periodic=True, dtype=torch.float64)
    given = torch.from_numpy(x[0])
    expected = torch.stft(given, 256, 128, window=window, center=False, return_complex=True).abs()
    np.testing.assert_allclose(inputs.spectrogram(x)[0], expected, atol=1e-9)


@pytest.mark.parametrize("frequency", [250, 500, 1000])
def test_a_tone_sounds_at_its_frequency(frequency):
    strongest = inputs.spectrogram(inputs.tone(frequency))[0].sum(1).argmax()
    assert strongest * inputs.RATE / 256 == frequency


def test_the_right_leg_does_what_the_left_did_half_a_step_earlier():
    angles = inputs.walk(seconds=4, pace=1)
    half = inputs.FRAMES // 2
    assert angles.shape == (len(inputs.JOINTS), 4 * inputs.FRAMES)
    np.testing.assert_allclose(angles[3:, :-half], angles[:3, half:], atol=1e-9)
    assert angles[[1, 4]].max() < 70 and angles[[1, 4]].min() > -15  # a knee bends one way


def test_the_film_pans_over_the_photograph():
    x = inputs.film(frames=4, height=12, width=20, speed=3)
    assert x.shape == (3, 4, 12, 20) and 0 <= x.min() < x.max() <= 1
    np.testing.assert_array_equal(x[:, 1, :, :-3], x[:, 0, :, 3:])


def test_the_volume_holds_what_is_looked_for_in_some_slices_alone():
    x = inputs.volume(32)
    assert x.shape == (1, 32, 32, 32)
    inside = (x > 0.6) & (x < 0.9)
    slices = inside[0].any((1, 2)).nonzero()[0]
    assert 2 <= len(slices) <= 8


@pytest.mark.parametrize("axis", [1, 2])
def test_shifted(axis):
    x = inputs.picture(4, 5)
    moved = inputs.shifted(x, axis, 2)
    assert not moved.take([0, 1], axis).any()
    size = x.shape[axis]
    np.testing.assert_array_equal(moved.take(range(2, size), axis), x.take(range(size - 2), axis))
