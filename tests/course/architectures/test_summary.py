"""The table of a net agrees with torch, with lecture 2's receptive field, and with the papers."""

import pytest
import torch
from torch import nn

from course import models
from course.architectures import blocks, experiment, figures, history, summary


def test_what_a_layer_sees_is_what_a_gradient_reaches():
    torch.manual_seed(0)
    net = nn.Sequential(
        *(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.AvgPool2d(2)),
        *(nn.Conv2d(2, 2, 3, 2, padding=2, dilation=2), nn.Conv2d(2, 1, 5, padding=2)),
    )
    layers = summary.summary(net, (1, 96, 96))
    x = torch.rand(1, 1, 96, 96, requires_grad=True)
    for module in net:
        if isinstance(module, nn.Conv2d):
            nn.init.constant_(module.weight, 1.0)
    y = net(x)
    middle = y.shape[-1] // 2
    for place in (middle, middle + 1):
        (grad,) = torch.autograd.grad(y[0, 0, middle, place], x, retain_graph=True)
        columns = grad[0, 0].abs().sum(0).nonzero().flatten()
        if place == middle:
            first = columns[0]
    assert columns[-1] - columns[0] + 1 == layers[-1].sees
    assert columns[0] - first == layers[-1].step


@pytest.mark.parametrize(
    ("name", "sees"), [("LeNet-5", 14), ("VGG-16", 196), ("ResNet-50", 483), ("AlexNet", 163)]
)
def test_known_receptive_fields(name, sees):
    # Of the last convolution that is not the classifier; Araujo, Norris, Sim (2019), table.
    build, shape = models.ALL[name]
    layers = [layer for layer in summary.summary(build(), shape) if layer.kind == "Conv2d"]
    last = layers[1] if name == "LeNet-5" else layers[-1]
    assert last.sees == sees


def test_the_longest_way_counts_where_branches_meet():
    (module,) = [blocks.Parallel(nn.Conv2d(1, 1, 1), nn.Conv2d(1, 1, 5, padding=2))]
    assert summary.summary(module, (1, 9, 9))[-1].sees == 5


def test_totals_are_those_of_torch():
    net = blocks.net("inception")
    layers = summary.summary(net, (3, 16, 16))
    assert sum(layer.parameters for layer in layers) == sum(p.numel() for p in net.parameters())
    text = str(summary.table(layers, ("Conv2d",), "inception"))
    assert text.startswith("inception") and "Linear" not in text and f"{19690:,}" in text


@pytest.mark.parametrize("kind", blocks.BLOCKS)
def test_the_nets_of_the_experiment_are_of_one_size(kind):
    net = blocks.net(kind)
    assert 18_000 <= sum(p.numel() for p in net.parameters()) <= 21_000
    assert net(torch.zeros(2, 3, 16, 16)).shape == (2, 10)


def test_an_unknown_block_is_refused():
    with pytest.raises(ValueError, match="kind must be one of 5x5"):
        blocks.net("7x7")


def test_a_shortcut_projects_only_where_the_channels_change():
    assert isinstance(blocks.residual(4, 4).around, nn.Identity)
    assert not isinstance(blocks.residual(4, 8).around, nn.Identity)


def test_the_ranking_has_its_45_models_and_counted_parameters():
    rows = history.ranking()
    assert len(rows) == 45
    assert [row.top1 for row in rows] == sorted((row.top1 for row in rows), reverse=True)
    counted = {row.model: row.parameters for row in rows if row.parameters}
    # As the authors' papers and torchvision's documentation give them.
    assert counted["VGG16"] == 138_357_544 and counted["VGG16_BN"] == 138_365_992
    assert counted["ResNet50"] == 25_557_032 and counted["Alexnet"] == 61_100_840


def test_the_winners_get_better_every_year():
    first = [winner.error for winner in history.WINNERS if winner.place == 1]
    assert first == sorted(first, reverse=True) and history.WINNERS[-1].error == 3.57


@pytest.fixture
def tiny(monkeypatch):
    x, y = torch.randn(64, 3, 16, 16), torch.arange(64) % 10
    monkeypatch.setattr(experiment, "load", lambda images: (x, y, x[:20], y[:20], "made"))


def test_a_run_goes_on_where_it_stopped(tmp_path, tiny, monkeypatch):
    settings = {"epochs": 1, "progress": False}
    half = experiment.run(tmp_path, ["5x5"], [0], **settings)
    trained = []
    original = experiment.train
    monkeypatch.setattr(experiment, "train", lambda *a, **k: trained.append(1) or original(*a, **k))
    rows = experiment.run(tmp_path, ["5x5", "residual"], [0], **settings)
    assert len(trained) == 1 and rows[0]["test"] == pytest.approx(half[0]["test"])
    assert [row["block"] for row in rows] == ["5x5", "residual"]
    assert rows[1]["parameters"] == 19_954 and rows[1]["multiply_adds"] == 809_280
    with pytest.raises(ValueError, match="epochs"):
        experiment.run(tmp_path, ["5x5"], [0], epochs=2, progress=False)


def test_the_figures_lie_within_their_pages(within_its_page):
    within_its_page(figures.winners())
    within_its_page(figures.ranking(history.ranking()))
    within_its_page(figures.blocks())
    net = summary.summary(blocks.net("residual"), (3, 16, 16))
    within_its_page(figures.along_the_net({"residual": net}))
    errors = {("plain", 8): [9.0], ("plain", 20): [10.5], ("residual", 20): [3.0, 4.0]}
    drawn = figures.error_by_depth({"new pictures": errors})
    assert "residual-20: 3.5" in drawn.alt
    within_its_page(drawn)
    rows = [{"block": "5x5", "test": 40.0 + seed, "seconds": 3.0} for seed in range(3)]
    within_its_page(figures.block_results(rows))
