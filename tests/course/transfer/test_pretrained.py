"""Published weights: loaded as published where they are at hand, refused where they are not."""

import importlib.util
import socket

import matplotlib.image
import pytest
import torch
from matplotlib import cbook

from course import models
from course.transfer import pretrained


@pytest.fixture
def pnet():
    try:
        return pretrained.pnet()
    except ModuleNotFoundError as missing:
        pytest.skip(str(missing))


def test_pnet_counts_as_its_paper(monkeypatch):
    net = pretrained.PNet()
    assert sum(p.numel() for p in net.parameters()) == 6632
    assert net(torch.zeros(2, 3, 12, 12)).shape == (2, 1, 1)
    assert net(torch.zeros(1, 3, 16, 22)).shape == (1, 3, 6)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install --no-deps facenet-pytorch"):
        pretrained.pnet()


def test_a_file_that_is_not_the_published_one_is_refused(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "pnet.pt").write_bytes(b"other weights")
    spec = importlib.util.spec_from_loader("facenet_pytorch", None, origin=str(tmp_path / "x.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(ValueError, match="sha256"):
        pretrained.pnet()


def test_all_windows_at_once_are_the_windows_one_by_one():
    torch.manual_seed(0)
    net, x = pretrained.PNet().eval(), torch.randn(1, 3, 20, 26)
    torch.testing.assert_close(net(x), pretrained.window_by_window(net, x))


def test_pnet_finds_the_face(pnet):
    photograph = matplotlib.image.imread(cbook.get_sample_data("grace_hopper.jpg"))
    found, asked = pretrained.find_face(pnet, photograph, (12 / 150, 12 / 180, 12 / 220))
    assert found.score > 0.99 and asked > 500
    row, column = found.row + found.side / 2, found.column + found.side / 2
    assert 120 < row < 280 and 200 < column < 340  # eyes to chin, ear to ear


def test_an_image_is_scaled_as_the_net_was_trained():
    white = torch.full((30, 40, 3), 255, dtype=torch.uint8).numpy()
    assert pretrained.scaled(white, 0.5).shape == (1, 3, 15, 20)
    assert pretrained.scaled(white).max() == pytest.approx(127.5 / 128)
    x = pretrained.as_imagenet(white, side=20)
    assert x.shape == (1, 3, 20, 20)
    expected = [
        (1 - m) / s for m, s in zip(pretrained.IMAGENET_MEAN, pretrained.IMAGENET_STD, strict=True)
    ]
    assert x[0, :, 0, 0].tolist() == pytest.approx(expected)


def test_weights_under_other_names_are_put_in_order():
    torch.manual_seed(0)
    old = models.resnet18(num_classes=7)
    weights = {f"layer.{i}": value for i, value in enumerate(old.state_dict().values())}
    names = dict(zip(weights, old.state_dict(), strict=True))
    # As files from before torch 0.4.1 have it: no counter of batches.
    weights = {n: v for n, v in weights.items() if not names[n].endswith("num_batches_tracked")}
    new = pretrained.with_weights(models.resnet18(num_classes=7), weights)
    for a, b in zip(new.parameters(), old.parameters(), strict=True):
        assert torch.equal(a, b)
    with pytest.raises(ValueError, match="must have shape"):
        pretrained.with_weights(models.resnet18(num_classes=8), weights)
    with pytest.raises(ValueError, match="tensors"):
        pretrained.with_weights(models.resnet34(num_classes=7), weights)


def test_what_cannot_be_downloaded_is_said_in_one_sentence(monkeypatch):
    def refuse(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr(torch.hub, "load_state_dict_from_url", refuse)
    with pytest.raises(ConnectionError, match=r"resnet18-f37072fd.pth could not .* \(no network"):
        pretrained.published("resnet18")
    with pytest.raises(ValueError, match="name must be one of alexnet"):
        pretrained.published("resnet")


def test_every_published_file_names_its_checksum_and_has_a_net():
    for file, build in pretrained.PUBLISHED.values():
        digest = file.removesuffix(".pth").rpartition("-")[2]
        assert len(digest) == 8 and int(digest, 16)
        with torch.device("meta"):
            assert build()[-1].out_features == 1000


def test_torchvisions_weights_fit_where_there_is_a_network():
    try:
        socket.create_connection(("download.pytorch.org", 443), timeout=3).close()
        net = pretrained.published("resnet18")
    except OSError as problem:  # a ConnectionError is one
        pytest.skip(f"no way to download.pytorch.org: {problem}")
    assert net[1][0].running_var.min() > 0 and not net.training
    photograph = matplotlib.image.imread(cbook.get_sample_data("grace_hopper.jpg"))
    with torch.no_grad():
        probabilities = net(pretrained.as_imagenet(photograph)).softmax(1)
    assert probabilities.max() > 0.1  # a random net has 0.001 for each class
