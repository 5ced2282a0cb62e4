"""Receptive fields, measured and published; traces of published nets; the effective field."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course.arithmetic import gpu, measure, reference
from course.arithmetic.reference import LENET5, VGG16, Field, Layer

# Three layers a chain: with more, strides of 3 make signals too long to be measured in a moment.
size = st.integers
convolutions = st.builds(
    Layer,
    st.sampled_from(["conv", "max_pool"]),
    size(1, 4),
    stride=size(1, 3),
    padding=size(0, 2),
    dilation=size(1, 2),
)
pair = st.tuples(size(1, 3), size(1, 3))
uneven = st.builds(Layer, st.just("conv"), pair, stride=pair, padding=pair, dilation=pair)


@settings(max_examples=40, deadline=None)
@given(layers=st.lists(convolutions, min_size=1, max_size=4))
def test_a_receptive_field_is_where_the_gradient_is(layers):
    assert reference.receptive_field(layers) == gpu.receptive_field(layers)


@settings(max_examples=15, deadline=None)
@given(layers=st.lists(uneven, min_size=1, max_size=2))
def test_a_receptive_field_has_one_size_for_each_axis(layers):
    assert reference.receptive_field(layers) == gpu.receptive_field(layers)


def test_two_3x3_see_what_one_5x5_sees():
    two, one = [Layer("conv", 3)] * 2, [Layer("conv", 5)]
    assert reference.receptive_field(two)[-1] == reference.receptive_field(one)[-1]


def test_published_fields():
    """Araujo, Norris, Sim (2019), table: VGG-16 has size 212, stride 32, padding 90;
    AlexNet 195, 32, 64 in the version without padding in its first layer."""
    assert reference.receptive_field(VGG16)[-1] == Field(212, 32, -90)
    alexnet = [
        *(Layer("conv", 11, 4), Layer("max_pool", 3, 2)),
        *(Layer("conv", 5, padding=2), Layer("max_pool", 3, 2)),
        *[Layer("conv", 3, padding=1)] * 3,
        Layer("max_pool", 3, 2),
    ]
    assert reference.receptive_field(alexnet)[-1] == Field(195, 32, -64)


def test_published_shapes():
    lenet5 = [row.shape for row in reference.trace(LENET5, (1, 32, 32))]
    assert lenet5[1:] == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120, 1, 1)]
    vgg16 = [row for row in reference.trace(VGG16, (3, 224, 224)) if row.name.startswith("pool")]
    assert [row.shape[1] for row in vgg16] == [112, 56, 28, 14, 7]
    assert vgg16[-1].shape == (512, 7, 7)


CHAINS = {
    "LeNet-5": (LENET5, (1, 32, 32)),
    "VGG-16": (VGG16, (3, 224, 160)),
    "up and down": (
        [
            Layer("conv", (3, 2), (2, 1), (1, 0), 2, out_channels=5),
            Layer("max_pool", 3, 2, 1, ceil_mode=True),
            Layer("conv_transpose", 3, (2, 3), 1, output_padding=(1, 2), out_channels=4),
            Layer("avg_pool", (2, 3)),
        ],
        (3, 21, 18),
    ),
    "one axis": ([Layer("conv", 3, 2, out_channels=4), Layer("avg_pool", 2)], (2, 30)),
    "three axes": ([Layer("conv", (3, 2, 1), (1, 2, 3)), Layer("max_pool", 2)], (2, 9, 8, 7)),
}


@pytest.mark.parametrize("chain", CHAINS)
def test_a_trace_has_the_shapes_of_torchs_layers(chain):
    layers, shape = CHAINS[chain]
    assert [row.shape for row in reference.trace(layers, shape)] == gpu.trace(layers, shape)


def test_a_trace_says_what_is_unused_and_what_is_seen():
    layers, shape = CHAINS["up and down"]
    rows = reference.trace(layers, (3, 22, 18))
    assert [row.unused for row in rows][:2] == [(0, 0), (0, 0)]
    assert rows[1].field == Field((5, 3), (2, 1), (-1, 0))
    assert rows[2].field is not None and rows[3].field is None and rows[4].field is None
    assert reference.trace([Layer("conv", 3, 3)], (1, 7, 8))[-1].unused == (1, 2)
    table = str(rows)
    assert len(table.splitlines()) == 2 + len(rows) and "5 x 3" in table
    assert rows._repr_html_().count("<tr>") == 1 + len(rows)
    assert shape == (3, 21, 18)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Layer("dense", 3), "kind must be one of conv"),
        (lambda: Layer("max_pool", 3, out_channels=4), "out_channels must be None"),
        (lambda: Layer("conv", 3, ceil_mode=True), "ceil_mode must be False"),
        (lambda: Layer("conv", 3, output_padding=1), "output_padding must be 0"),
        (lambda: Layer("avg_pool", 3, dilation=2), "dilation must be 1"),
        (lambda: Layer("conv", 3, out_channels=0), "out_channels must be at least 1"),
        (lambda: reference.receptive_field([Layer("conv_transpose", 3)]), "got a conv_transpose"),
        (
            lambda: reference.receptive_field([Layer("conv", (3, 3)), Layer("conv", (3, 3, 3))]),
            "layers must agree in their number of axes",
        ),
        (lambda: reference.trace(VGG16, (3, 16, 20)), r"layer 17 \(pool5\): kernel_size must fit"),
        (lambda: reference.trace([Layer("conv", (1, 1))], (1, 9)), "must have sizes for 1 axes"),
        (lambda: reference.trace([], (9,)), "input_shape must be"),
        (lambda: reference.trace([], (1, 0)), "input_shape must be at least 1"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_two_axes_of_zero_and_one_are_no_options():
    assert Layer("conv", 3, output_padding=(0, 0)).stride == 1
    assert Layer("avg_pool", 3, dilation=(1, 1)).stride == 3


def effective(layers, **options):
    return measure.effective_receptive_field(layers, **options).numpy()


def test_the_effective_field_fills_the_receptive_field_and_fades():
    weights = effective([Layer("conv", 3)] * 6)
    assert weights.shape == (13, 13)
    assert np.isclose(weights.sum(), 1)
    assert (weights > 0).mean() > 0.9
    assert weights[6, 6] > 3 * weights[0, 6] and weights[6, 6] > 3 * weights[6, 0]


def test_one_linear_layer_weighs_all_its_taps_alike():
    """|weight| of a normal with variance 1/9: every tap has the same mean."""
    weights = effective([Layer("conv", 3)], trials=2000)
    assert np.allclose(weights, 1 / 9, rtol=0.1)


def test_the_effective_field_grows_as_the_root_of_the_depth():
    """Luo et al. (2016): the width grows as the square root of the number of layers."""

    def width(depth):
        weights = effective([Layer("conv", 3)] * depth)
        return np.sqrt((weights > 0.0455 * weights.max()).sum())

    assert 1.2 < width(24) / width(12) < 1.65  # the receptive field itself grows by 49 / 25 = 1.96


def test_max_and_average_pooling_are_passed_by_the_effective_field():
    for kind in ("max_pool", "avg_pool"):
        layers = [Layer("conv", 3), Layer(kind, 2), Layer("conv", 3, dilation=2)]
        assert effective(layers).shape == (12, 12)


def test_a_seed_gives_the_same_effective_field():
    layers = [Layer("conv", 3)] * 2
    assert np.array_equal(effective(layers, trials=1), effective(layers, trials=1))
    assert not np.array_equal(effective(layers, trials=1), effective(layers, trials=1, seed=1))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_on_a_gpu():
    layers = [Layer("conv", 3)] * 3
    assert gpu.receptive_field(layers, "cuda") == reference.receptive_field(layers)
    on_gpu = measure.effective_receptive_field(layers, device="cuda").cpu().numpy()
    assert np.allclose(on_gpu, effective(layers), rtol=1e-3, atol=1e-6)
