"""The explorer of convolution: numbers, windows and words follow every control."""

import itertools
import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course.convolution import explorer

from ..shown import grid, numbers, parts, said


@pytest.fixture
def shown():
    return explorer.explorer()


def expected(shown):
    x, weight = torch.tensor(shown.image)[None], torch.tensor(shown.kernel.copy())[None]
    sizes = shown.stride.value, shown.padding.value, shown.dilation.value
    return F.conv2d(x, weight, None, *sizes)[0, 0].numpy()


def test_every_place_of_the_window_tells_its_sum(shown):
    shown.stride.value, shown.padding.value, shown.dilation.value = 2, 1, 2
    y = expected(shown)
    output, products = grid(shown, "output"), grid(shown, "products")
    assert numbers(output["cells"]) == y.tolist()
    padded = np.pad(shown.image[0], 1)
    windows = shown.grids.state["windows"]
    for place in itertools.product(*map(range, y.shape)):
        shown.grids.place = list(place)
        assert said(shown).startswith(f"output[{place[0]}, {place[1]}] =")
        assert float(said(shown).split("= ")[-1]) == y[place]
        (of_place,) = numbers([products["by_place"][place[0]][place[1]]])
        read = padded[np.ix_(windows["rows"][place[0]], windows["columns"][place[1]])]
        assert of_place == (read * shown.kernel[0]).ravel().tolist()


@pytest.mark.parametrize("name", explorer.IMAGES)
def test_every_picture_and_size_gives_what_torch_gives(shown, name):
    shown.picture.value = name
    for kernel, s, p, d in itertools.product(
        [explorer.DIFFERENCE, "sharpen"], [1, 3], [0, 2], [1, 2]
    ):
        shown.preset.value = kernel
        shown.stride.value, shown.padding.value, shown.dilation.value = s, p, d
        np.testing.assert_allclose(shown.output, expected(shown), atol=1e-12)
        drawn = parts(shown.grids.state["layout"])
        assert len([part for part in drawn if part["role"] == "windows"]) == len(shown.image)
        i, j = shown.grids.place
        assert i < len(shown.output) and j < shown.output.shape[1]


def test_of_several_channels_the_sentence_has_a_sum_each(shown):
    shown.picture.value = "three channels: a red, a green, a blue stripe"
    shown.preset.value = "blur"
    terms = re.search(r"= (.*) = ", said(shown))[1].split(" + ")
    assert len(terms) == 3 and sum(map(float, terms)) == pytest.approx(shown.output[0, 0], abs=0.02)


def test_the_switch_convolves_in_place_of_correlating(shown):
    shown.preset.value = "one pixel aside"
    unflipped = shown.kernel
    shown.flip.value = True
    np.testing.assert_array_equal(shown.kernel, unflipped[:, ::-1, ::-1])
    assert grid(shown, "kernel")["title"] == "kernel, flipped"


def test_a_smaller_output_brings_the_window_back_inside(shown):
    shown.picture.value = "an X, 9 × 9"
    shown.grids.place = [6, 6]
    shown.picture.value = "half bright, 6 × 6"
    assert shown.grids.place == [3, 3]


def test_a_changed_weight_is_a_kernel_of_ones_own(shown):
    shown.picture.value = "two channels: left bright, top bright"
    shown.channel.value = 1
    shown.weights[4].value = 5
    assert shown.preset.value == explorer.OWN
    assert shown.kernel[1, 1, 1] == 5 and shown.kernel[0, 1, 1] == 0
    assert numbers(grid(shown, "kernel-1")["cells"])[1][1] == 5
    shown.channel.value = 0
    assert shown.weights[4].value == 0 and shown.preset.value == explorer.OWN
    shown.preset.value = "blur"
    assert shown.kernel[1, 1, 1] == pytest.approx(1 / 9)


def test_pictures_are_grey_and_products_and_output_share_one_scale(shown):
    bright, dark = (grid(shown, "image")["cells"][0][i][0] for i in (0, 5))
    assert (bright, dark) == ("#ffffff", "#000000")
    kernel, products, output = (grid(shown, name) for name in ("kernel", "products", "output"))
    colours = {}
    for cell in itertools.chain(*products["cells"], *output["cells"]):
        assert colours.setdefault(cell[1], cell[0]) == cell[0]
    # The largest weight is as strong as the largest of the others, though it is 1 and not 24.
    assert kernel["cells"][0][0][0] == colours["24"]


def test_every_control_has_a_name(shown):
    controls = shown.picture, shown.preset, shown.flip, shown.channel
    for control in (*controls, shown.stride, shown.padding, shown.dilation):
        assert control.description
    assert len({weight.tooltip for weight in shown.weights}) == 9
