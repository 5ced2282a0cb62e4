"""The counts against torch's own, against the papers' arithmetic and against closed forms."""

import html.parser

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course.counting import reference


def numel(module):
    return sum(p.numel() for p in module.parameters())


@settings(deadline=None, max_examples=50)
@given(
    groups=st.integers(1, 4),
    c_in=st.integers(1, 4),
    c_out=st.integers(1, 4),
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 5)),
    bias=st.booleans(),
    batch=st.integers(1, 3),
)
def test_a_convolution_counts_as_torch_counts_it(groups, c_in, c_out, kernel, bias, batch):
    c_in, c_out = c_in * groups, c_out * groups
    with torch.device("meta"):
        conv = nn.Conv2d(c_in, c_out, kernel, stride=(2, 1), groups=groups, bias=bias)
        x = torch.empty(batch, c_in, 9, 8)
        with FlopCounterMode(display=False) as counter:
            y = conv(x)
    assert reference.conv2d_parameters(c_in, c_out, kernel, groups, bias) == numel(conv)
    one = reference.conv2d_multiply_adds(c_in, c_out, kernel, y.shape[2:], groups)
    assert 2 * batch * one == counter.get_total_flops()


@settings(deadline=None, max_examples=20)
@given(n_in=st.integers(1, 50), n_out=st.integers(1, 50), bias=st.booleans())
def test_a_linear_layer_counts_as_torch_counts_it(n_in, n_out, bias):
    assert reference.linear_parameters(n_in, n_out, bias) == numel(nn.Linear(n_in, n_out, bias))
    with FlopCounterMode(display=False) as counter:
        nn.Linear(n_in, n_out, bias)(torch.ones(1, n_in))
    assert 2 * reference.linear_multiply_adds(n_in, n_out) == counter.get_total_flops()


def test_batch_norm_trains_a_scale_and_a_shift():
    assert reference.batch_norm_parameters(17) == numel(nn.BatchNorm2d(17)) == 34


def test_lenet_5_as_its_paper_counts_it():
    # LeCun et al. (1998), section II.B: C1, S2, C3, S4, C5, F6; "60,000 trainable parameters".
    c1 = reference.conv2d_parameters(1, 6, 5)
    c3 = sum(n * reference.conv2d_parameters(c, 1, 5) for c, n in ((3, 6), (4, 9), (6, 1)))
    c5 = reference.conv2d_parameters(16, 120, 5)
    f6 = reference.linear_parameters(120, 84)
    assert (c1, c3, c5, f6) == (156, 1_516, 48_120, 10_164)
    assert c1 + 2 * 6 + c3 + 2 * 16 + c5 + f6 == 60_000


def test_the_source_leaves_out_input_channels_and_biases():
    assert reference.conv2d_parameters_source(6, 5) == 6 * 5 * 5
    assert reference.conv2d_parameters(3, 6, 5) == 6 * 3 * 5 * 5 + 6
    with_one_channel = reference.conv2d_parameters(1, 6, 5, bias=False)
    assert reference.conv2d_parameters_source(6, 5) == with_one_channel


def test_a_hundred_outputs_of_a_megapixel_image_take_2_4_gigabytes():
    weights = reference.linear_parameters(1000 * 1000 * 3, 100, bias=False)
    assert weights * 8 == 2_400_000_000


def test_activation_memory_in_full_counts_batch_and_gradient_too():
    shape = (6, 28, 28)
    source = reference.activation_memory_source(shape, itemsize=8)
    assert source == 75_264  # 6 * 28 * 28 * 8 twice: the convolution's output, the activation's
    assert reference.activation_memory_source(shape, (6, 14, 14), itemsize=8) == 84_672
    full = reference.activation_memory(shape, batch_size=32, itemsize=8)
    assert full == 32 * 2 * source
    assert reference.activation_memory(shape, activation=False, gradient=False) == source // 4


def test_the_inception_module_of_the_slides():
    naive = reference.inception_multiply_adds(256, 28, 128, None, 192, None, 96, None)
    assert naive == {
        "1x1": 28 * 28 * 128 * 256,
        "3x3": 28 * 28 * 192 * 9 * 256,
        "5x5": 28 * 28 * 96 * 25 * 256,
    }
    assert round(sum(naive.values()) / 1e6) == 854
    listed = reference.inception_multiply_adds(256, 28, 128, 64, 192, 64, 96, 64)
    assert round(sum(listed.values()) / 1e6) == 271
    # The slides' number is the sum with the 3x3 convolution counted twice.
    assert round((sum(listed.values()) + listed["3x3"]) / 1e6) == 358


def test_a_5x5_convolution_through_16_channels():
    direct = reference.conv2d_multiply_adds(192, 32, 5, 28)
    reduced = reference.conv2d_multiply_adds(192, 16, 1, 28)
    reduced += reference.conv2d_multiply_adds(16, 32, 5, 28)
    assert direct == 120_422_400
    assert reduced == 2_408_448 + 10_035_200


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: reference.conv2d_parameters(3, 4, 3, groups=2), "groups"),
        (lambda: reference.conv2d_parameters(0, 4, 3), "in_channels"),
        (lambda: reference.conv2d_parameters(3, 4.0, 3), "out_channels"),
        (lambda: reference.conv2d_parameters(3, 4, (3, 3, 3)), "kernel_size"),
        (lambda: reference.linear_parameters(3, -1), "out_features"),
        (lambda: reference.conv2d_multiply_adds(3, 4, 3, 0), "output_size"),
        (lambda: reference.sequential([("Conv3d", {})], (1, 1, 8, 8)), "kind"),
        (lambda: reference.sequential([("Conv2d", {"kernel_size": 3})], (1, 1, 8, 8)), "0 Conv2d"),
        (lambda: reference.sequential([("ReLU", {"p": 1})], (1, 1, 8, 8)), "0 ReLU"),
        (lambda: reference.sequential([("MaxPool2d", {"kernel_size": 9})], (1, 1, 8, 8)), "0 Max"),
        (lambda: reference.sequential([("BatchNorm2d", {})], (1, 8)), "0 BatchNorm2d"),
        (lambda: reference.training_memory(LENET, "rmsprop"), "optimizer"),
        (lambda: reference.layer_table([]), "layers"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()


SPECS = [
    ("Conv2d", {"out_channels": 6, "kernel_size": 5}),
    ("Tanh", {}),
    ("AvgPool2d", {"kernel_size": 2}),
    ("Conv2d", {"out_channels": 16, "kernel_size": 5}),
    ("Tanh", {}),
    ("AvgPool2d", {"kernel_size": 2}),
    ("Conv2d", {"out_channels": 120, "kernel_size": 5}),
    ("Tanh", {}),
    ("Flatten", {}),
    ("Linear", {"out_features": 84}),
    ("Tanh", {}),
    ("Linear", {"out_features": 10}),
]
LENET = reference.sequential(SPECS, (2, 1, 32, 32))

conv = st.tuples(
    st.just("Conv2d"),
    st.fixed_dictionaries(
        {"out_channels": st.sampled_from([2, 4]), "kernel_size": st.sampled_from([1, 2, (3, 1)])},
        optional={
            "stride": st.integers(1, 2),
            "padding": st.integers(0, 2),
            "dilation": st.integers(1, 2),
            "groups": st.sampled_from([1, 2]),
            "bias": st.booleans(),
        },
    ),
)
pool = st.tuples(
    st.sampled_from(["MaxPool2d", "AvgPool2d"]),
    st.fixed_dictionaries(
        {"kernel_size": st.sampled_from([2, (2, 1)])},
        optional={"stride": st.integers(1, 2), "padding": st.sampled_from([0])},
    ),
)
without_options = st.tuples(
    st.sampled_from(["ReLU", "Tanh", "Sigmoid", "BatchNorm2d", "Dropout", "LocalResponseNorm"]),
    st.just({}),
)


@settings(deadline=None, max_examples=60)
@given(specs=st.lists(conv | pool | without_options, min_size=1, max_size=6))
def test_a_chain_has_torchs_shapes_and_parameters(specs):
    """The shapes, parameters and operations of any chain are those of torch's own layers."""
    shape, modules = (2, 2, 17, 16), []
    given_to_torch = {"BatchNorm2d": "num_features", "LocalResponseNorm": "size"}
    with torch.device("meta"):
        x = torch.empty(shape)
        shapes = []
        for kind, options in specs:
            arguments = dict(options)
            if kind == "Conv2d":
                arguments["in_channels"] = x.shape[1]
            elif kind in given_to_torch:
                arguments[given_to_torch[kind]] = x.shape[1] if kind == "BatchNorm2d" else 5
            modules.append(getattr(nn, kind)(**arguments))
            with FlopCounterMode(display=False) as counter:
                try:
                    x = modules[-1](x)
                except RuntimeError:
                    with pytest.raises(ValueError, match="as large as its kernel"):
                        reference.sequential(specs, shape)
                    return
            shapes.append((tuple(x.shape), numel(modules[-1]), counter.get_total_flops()))
    layers = reference.sequential(specs, shape)
    assert [(a.output_shape, a.parameters, 2 * a.multiply_adds) for a in layers] == shapes


def test_lenet_5_by_hand():
    assert reference.parameters(LENET) == 156 + 2_416 + 48_120 + 10_164 + 850
    per_image = 28**2 * 150 + 10**2 * 2_400 + 48_000 + 10_080 + 840
    assert reference.multiply_adds(LENET) == 2 * per_image
    outputs = 2 * 6 * 28**2 + 6 * 14**2 + 2 * 16 * 10**2 + 16 * 5**2 + 2 * 120 + 2 * 84 + 10
    assert reference.output_bytes(LENET) == 2 * 4 * outputs
    # Kept: the image, each tanh's output, each pooled map (the next convolution's input).
    kept = 32**2 + 6 * 28**2 + 6 * 14**2 + 16 * 10**2 + 16 * 5**2 + 120 + 84
    assert reference.saved_bytes(LENET) == 2 * 4 * kept
    assert reference.saved_by_reason(LENET) == {"activations": 2 * 4 * kept}


def test_training_memory_adds_up():
    memory = reference.training_memory(LENET, "adam")
    weights = 61_706 * 4
    assert (memory["weights"], memory["gradients"], memory["optimizer"]) == (
        weights,
        weights,
        2 * weights,
    )
    assert memory["batch"] == 2 * 32 * 32 * 4
    assert memory["activations"] + memory["batch"] == reference.saved_bytes(LENET)
    assert memory["total"] == sum(size for name, size in memory.items() if name != "total")
    assert reference.training_memory(LENET, "sgd")["optimizer"] == 0
    half = reference.sequential(SPECS, (2, 1, 32, 32), itemsize=2)
    assert 2 * reference.training_memory(half)["total"] == reference.training_memory(LENET)["total"]


class _Cells(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.rows = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def test_the_table_says_the_same_as_text_html_and_rows():
    table = reference.layer_table(LENET, caption="LeNet-5 <for two images>")
    assert [row["parameters"] for row in table.rows if row["parameters"]] == [
        *(156, 2_416, 48_120, 10_164, 850)
    ]
    assert table.total["parameters"] == reference.parameters(LENET)
    assert table.total["multiply-adds"] == reference.multiply_adds(LENET)
    assert table.total["output bytes"] == reference.output_bytes(LENET)
    assert table.total["saved bytes"] == reference.saved_bytes(LENET)
    text = str(table).splitlines()
    cells = _Cells(table._repr_html_())
    assert text[0] == "LeNet-5 <for two images>"
    assert "&lt;for two images&gt;" in table._repr_html_()
    shown = [line.split("  ") for line in text[1:] if not line.startswith("---")]
    shown = [[cell.strip() for cell in line if cell.strip()] for line in shown]
    # A shape is not broken over two lines of a page.
    rows = [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in cells.rows]
    assert shown == [[cell for cell in row if cell] for row in rows]
    assert "2 x 6 x 28 x 28" in str(table) and "61,706" in str(table)
