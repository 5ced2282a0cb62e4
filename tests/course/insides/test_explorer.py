"""The explorer shows the net's own maps, and an output reads what a gradient reaches."""

import pytest
import torch

from course.insides import clutter, explorer, figures, measure
from course.insides.nets import Net, train

from ..shown import grid, note, parts, said


@pytest.fixture(scope="module")
def net():
    made = clutter.make(count=400)
    return train(made.x, made.y, epochs=1)


@pytest.fixture(scope="module")
def x():
    return clutter.make(part="test", count=30).x


def test_the_map_is_the_nets(net, x):
    shown = explorer.explorer(net=net, x=x)
    shown.layer.value, shown.unit.value, shown.picture.value = "pool2", 3, 7
    with torch.no_grad():
        expected = net.until("pool2")(x[7:8])[0, 3]
    torch.testing.assert_close(torch.from_numpy(shown.map), expected)
    assert len(grid(shown, "map")["cells"]) == 4 and len(grid(shown, "picture")["cells"]) == 16
    assert note(shown).count("<svg") == 6 or len(shown.patches) == 6


def test_a_layer_with_fewer_units_keeps_the_slider_inside(net, x):
    shown = explorer.explorer(net=net, x=x)
    shown.unit.value = 31
    shown.layer.value = "relu1"
    assert shown.unit.max == 15 and "unit 15 of relu1" in str(parts(shown.grids.state["layout"]))


@pytest.mark.parametrize("layer", explorer.LAYERS)
def test_an_output_reads_what_a_gradient_reaches(layer):
    torch.manual_seed(0)
    net = Net().double().eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.constant_(module.weight, 1.0)  # nothing cancels, no rectifier is shut
    # Growing values: each pooling's winner is its lower right, so only part of the field shows.
    x = torch.rand(1, 1, 16, 16, dtype=torch.double)
    sees, step = measure.field(net, layer, (1, 16, 16))
    reached = torch.zeros(16, dtype=torch.bool)
    i = 1
    for _ in range(30):
        t = torch.rand_like(x).requires_grad_()
        (grad,) = torch.autograd.grad(net.until(layer)(t)[0, 0, i, i], t)
        reached |= grad[0, 0].ne(0).any(1)
    expected = explorer._read(i, sees, step, 16)
    assert reached.nonzero().flatten().tolist() == expected


def test_the_strongest_patch_is_where_the_map_is_largest(net, x):
    found = measure.strongest_patches(net, "relu2", 4, x, 3)
    with torch.no_grad():
        maps = net.until("relu2")(x)[:, 4]
    best = maps.flatten(1).max(1).values
    assert [p.picture for p in found] == best.topk(3).indices.tolist()
    assert [p.activation for p in found] == pytest.approx(best.topk(3).values.tolist())
    first = found[0]
    expected = x[first.picture, 0, first.top : first.bottom, first.left : first.right]
    assert (first.pixels == expected.numpy()).all()
    # Blanking all but the patch leaves the activation as it is: the patch is all that it sees.
    kept = torch.zeros_like(x[:1])
    window = (0, 0, slice(first.top, first.bottom), slice(first.left, first.right))
    kept[window] = x[first.picture, 0][window[2:]]
    with torch.no_grad():
        alone = net.until("relu2")(kept)[0, 4].max()
    assert alone >= first.activation - 1e-5


def test_a_sentence_says_what_an_output_sees(net, x):
    shown = explorer.explorer(net=net, x=x)
    shown.layer.value = "relu1"
    shown.grids.place = [0, 5]
    assert "it sees 2 × 3 of the pixels" in said(shown)


def test_the_figures_lie_within_their_pages(within_its_page, net, x):
    within_its_page(figures.filters(net.conv1.weight))
    found = measure.strongest_patches(net, "relu1", 0, x, 4)
    within_its_page(figures.patches({"relu1, 0": [p.pixels for p in found]}))
    image = x[0, 0].numpy()
    within_its_page(figures.maps(image, {"gradient x image": image, "b": -image}, (2, 3, 6, 6)))
    within_its_page(figures.pictures(x[:2, 0].numpy(), [(0, 1, 8, 8), (8, 8, 8, 8)], [3, 4]))
    rows = [
        {"net": name, "map": kind, "strongest": 50.0 + seed}
        for seed in range(2)
        for name in ("trained", "all random")
        for kind in ("the image itself", "gradient", "guided")
    ]
    within_its_page(figures.trust(rows))
