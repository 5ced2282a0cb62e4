"""The pictures are what they say, the control is fair, and a run goes on where it stopped."""

import pytest
import torch

from course.insides import clutter, experiment
from course.insides.nets import Net, randomised, train


def test_the_digit_lies_in_its_box_and_the_same_seed_makes_the_same_pictures():
    made = clutter.make(count=20, pieces=0)
    assert made.x.shape == (20, 1, 16, 16) and made.x.min() >= 0 and made.x.max() <= 1
    for picture, (top, left, height, width) in zip(made.x[:, 0], made.boxes.tolist(), strict=True):
        inside = picture[top : top + height, left : left + width].sum()
        assert inside == pytest.approx(picture.sum().item())
    again = clutter.make(count=20, pieces=0)
    assert torch.equal(made.x, again.x) and torch.equal(made.y, again.y)
    assert not torch.equal(made.x, clutter.make(count=20, pieces=0, seed=1).x)
    assert not torch.equal(made.x[:5], clutter.make(part="test", count=5, pieces=0).x)


def test_clutter_adds_ink_and_hides_none():
    bare, full = (clutter.make(count=30, pieces=pieces) for pieces in (0, 8))
    # Other draws come between, so the places differ: the mean ink is compared.
    assert full.x.mean() > 1.3 * bare.x.mean()


@pytest.fixture(scope="module")
def trained():
    made = clutter.make(count=600)
    return train(made.x, made.y, epochs=2), made


def test_randomising_changes_the_named_layers_alone(trained):
    net, made = trained
    before = {name: value.clone() for name, value in net.state_dict().items()}
    copy = randomised(net, ("linear",), made.x[:200])
    for name, value in copy.named_parameters():
        assert torch.equal(value, before[name]) != name.startswith("linear"), name
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert not copy.training and not net.training


def test_the_statistics_of_the_control_are_those_of_its_own_maps(trained):
    net, made = trained
    copy = randomised(net, ("conv1",), made.x[:200])
    with torch.no_grad():
        mean = copy.conv1(made.x[:200]).mean((0, 2, 3))
    torch.testing.assert_close(copy.norm1.running_mean, mean, atol=1e-5, rtol=1e-4)


def test_until_gives_the_map_of_a_layer(trained):
    net, made = trained
    assert net.until("relu2")(made.x[:1]).shape == (1, 32, 8, 8)


def test_measures_on_a_map_that_is_known():
    maps = torch.zeros(2, 4, 4)
    maps[0, 1, 1], maps[0, 3, 3] = -3.0, 1.0
    maps[1, 0, 0] = 2.0
    found = experiment.measure(maps, torch.tensor([[0, 0, 2, 2], [2, 2, 2, 2]]))
    assert found == {"mass": 100 * (0.75 + 0) / 2, "strongest": 50.0}


def test_blanking_what_is_not_there_changes_nothing(trained):
    net, made = trained
    x = made.x[:50]
    with torch.no_grad():
        y = net(x).argmax(1)
    assert experiment.blanked(net, x, y, -x[:, 0].eq(0).float()) == 100


def test_a_run_has_every_map_and_goes_on(tmp_path, monkeypatch):
    settings = {"images": 300, "epochs": 1, "shown": 5, "progress": False}
    first = experiment.run(tmp_path, "digits", [0], **settings)
    assert len(first) == 6 + 3 * 4
    rows = experiment.run(tmp_path, "digits", [0, 1], **settings)
    assert [row["seed"] for row in rows] == [0] * 18 + [1] * 18
    with pytest.raises(ValueError, match="epochs"):
        experiment.run(tmp_path, "digits", [0], **{**settings, "epochs": 2})


def test_the_kinds_of_maps_are_different(trained):
    net, made = trained
    x, y = made.x[:3], made.y[:3]
    maps = {kind: experiment.make_map(net, x, y, kind) for kind in experiment.MAPS}
    assert all(values.shape == (3, 16, 16) for values in maps.values())
    assert torch.equal(maps["the image itself"], x[:, 0])
    torch.testing.assert_close(maps["gradient x image"], maps["gradient"] * x[:, 0])
    assert (maps["occlusion"] >= 0).all() and isinstance(net, Net)
