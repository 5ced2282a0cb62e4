"""The experiments: their command, what they keep, and what the kept runs say."""

import numpy as np
import pytest
import torch

from course import datasets
from course.classification import design, experiment


def test_shuffled_pixels_are_all_there_in_one_order():
    x = torch.randn(3, 2, 4, 5)
    mixed = experiment.shuffled(x)
    assert not torch.equal(mixed, x)
    torch.testing.assert_close(mixed.flatten(2).sort().values, x.flatten(2).sort().values)
    places = torch.arange(20.0).reshape(1, 1, 4, 5).expand(3, 2, 4, 5)
    order = experiment.shuffled(places)
    assert (order == order[:1, :1]).all()


def test_moved_pictures_get_background_at_the_border():
    x = torch.arange(12.0).reshape(1, 1, 3, 4) - 5
    down = experiment.moved(x, 1, (1, 0))
    torch.testing.assert_close(down[0, 0, 1:], x[0, 0, :-1])
    assert (down[0, 0, 0] == -5).all()
    left = experiment.moved(x, 2, (0, -1))
    torch.testing.assert_close(left[0, 0, :, :2], x[0, 0, :, 2:])


def test_the_command_keeps_its_rows_and_how_they_were_made(tmp_path, capsys):
    arguments = ["shuffle", "--data", "digits", "--epochs", "1", "--seeds", "0", "--device", "cpu"]
    experiment.main([*arguments, "--out", str(tmp_path / "made")])
    rows, about = experiment.read(tmp_path / "made")
    assert about["command"].startswith("python -m course.classification.experiment shuffle")
    found = experiment.over_seeds(rows, "test")
    assert set(found) == {
        (net, where) for net in ("FCNN-1", "MNIST net") for where in ("in place", "shuffled")
    }
    assert all(len(values) == 1 and 10 < values[0] < 100 for values in found.values())
    assert "FCNN-1, shuffled: test " in capsys.readouterr().out
    experiment.main([*arguments, "--out", str(tmp_path / "made")])
    assert experiment.read(tmp_path / "made") == (rows, about)  # nothing was trained again


def test_some_nets_alone_can_be_asked_for(tmp_path, capsys):
    arguments = ["nets", "--data", "digits", "--epochs", "1", "--seeds", "0", "--device", "cpu"]
    experiment.main([*arguments, "--nets", "FCNN-1", "--out", str(tmp_path)])
    rows, about = experiment.read(tmp_path)
    assert set(experiment.over_seeds(rows, "test")) == {("FCNN-1", "in place")}
    assert about["settings"] == {"experiment": "nets", "data": "digits", "epochs": 1}
    for wrong in (["nets", "--nets", "FCNN-9"], ["shuffle", "--nets", "FCNN-1"]):
        with pytest.raises(SystemExit):
            experiment.main([*wrong, "--out", str(tmp_path / "wrong")])
        assert "--nets goes with `nets` and names some of FCNN-1" in capsys.readouterr().err


def test_the_slides_residual_nets_made_for_large_pictures_are_no_gain_on_small_ones(root):
    others = kept(root, "classification-nets-cifar10", "test")
    for net, values in kept(root, "classification-resnet-cifar10", "test").items():
        assert max(values) < min(others["CNN-1", "in place"]) - 8, net
    wide = kept(root, "classification-resnet-full-cifar10", "test")["ResNet-18", "in place"]
    full = [value for (net, _), values in others.items() if "FCNN" in net for value in values]
    assert max(full) < min(wide) and max(wide) < min(others["CNN-1", "in place"])


def kept(root, name, measure, epoch=None):
    rows, about = experiment.read(root / "benchmarks" / "results" / name)
    assert about["command"] and about["date"] and about["device"]
    return experiment.over_seeds(rows, measure, epoch)


def test_a_convolution_wins_by_neighbours(root):
    found = kept(root, "classification-shuffle-mnist", "test")
    place, mixed = found["MNIST net", "in place"], found["MNIST net", "shuffled"]
    assert min(place) > max(mixed) + 3
    full = [*found["FCNN-1", "in place"], *found["FCNN-1", "shuffled"]]
    assert max(full) - min(full) < 1.5


def test_a_convolutional_net_is_not_invariant(root):
    still = kept(root, "classification-nets-mnist", "test")["MNIST net", "in place"]
    moved = kept(root, "classification-nets-mnist", "moved 3")["MNIST net", "in place"]
    assert min(still) > 95 and max(moved) < 80


def test_a_short_training_loses_more_by_a_shift_and_begins_as_the_long_one(root):
    short, long = "classification-moved-mnist", "classification-nets-mnist"
    begun = kept(root, long, "test", 4)
    assert kept(root, short, "test") == {key: begun[key] for key in begun if begun[key]}
    net = "MNIST net", "in place"
    assert max(kept(root, short, "moved 3")[net]) < min(kept(root, long, "moved 3")[net])


def test_the_order_of_the_slides_does_not_come_out(root):
    first, second, third = (
        np.mean(kept(root, "classification-nets-mnist", "test", 4)[f"FCNN-{i}", "in place"])
        for i in (1, 2, 3)
    )
    assert third < second - 10 and third < first - 10


def test_augmentation_helps_the_convolutional_net_alone(root):
    still = kept(root, "classification-augment-mnist", "test")
    moved = kept(root, "classification-augment-mnist", "moved 2")
    for net, most_lost in (("MNIST net", 5), ("FCNN-1", 40)):
        assert np.mean(moved[net, "shifts"]) > np.mean(moved[net, "none"]) + 20
        assert np.mean(still[net, "shifts"]) > np.mean(still[net, "none"]) - most_lost
    assert np.mean(still["FCNN-1", "shifts"]) < np.mean(still["FCNN-1", "none"]) - 15


def test_overfitting_shows_in_the_loss(root):
    name, net = "classification-overfit-cifar10", ("MNIST net", "none")
    assert min(kept(root, name, "train")[net]) > 99
    at = {e: np.mean(kept(root, name, "test_loss", e)[net]) for e in (1, 5, 20)}
    assert at[5] < at[1] and at[20] > at[5] + 0.5
    right = {e: np.mean(kept(root, name, "test", e)[net]) for e in (5, 20)}
    assert right[20] > right[5]


# The design task


SMALL = [
    ("Conv2d", {"out_channels": 4, "kernel_size": 3}),
    ("ReLU", {}),
    ("Flatten", {}),
    ("Linear", {"out_features": 10}),
]


def test_a_design_is_built_as_it_says():
    assert design.parameters(SMALL) == 4 * 9 + 4 + 144 * 10 + 10
    one, again, other = (design.build(SMALL, seed)[0].weight for seed in (0, 0, 1))
    assert torch.equal(one, again) and not torch.equal(one, other)
    net = design.build([("BatchNorm2d", {}), *SMALL])
    assert not net[0].running_mean.any()  # the trial run left no trace


def test_a_design_is_trained_the_same_way_each_time():
    images = datasets.digits("test")
    assert len(images) == 297
    first = design.held_out_accuracy(SMALL, 3)
    assert first == design.held_out_accuracy(SMALL, 3) and first > 80


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        ([], "a list of layers"),
        (None, "a list of layers"),
        (["ReLU"], "layer 0 must be a pair"),
        ([("Softmax", {})], "layer 0 must be one of"),
        ([("Conv2d", {"channels": 3})], "layer 0, Conv2d"),
        ([("Flatten", {}), ("Conv2d", {"out_channels": 3, "kernel_size": 3})], "layer 1, Conv2d"),
        ([("Flatten", {}), ("Linear", {"out_features": 9})], r"must have shape \(N, 10\)"),
    ],
)
def test_a_design_that_is_no_net_is_told_why(layers, says):
    with pytest.raises(ValueError, match=says):
        design.build(layers)
