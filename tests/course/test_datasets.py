"""The readers on small files of our making, the messages offline, and the shared data if there."""

import gzip
import hashlib
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from course import datasets

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def no_network(monkeypatch, tmp_path):
    """An empty cache and no way out: what a test reads, it has made."""

    def refuse(*args, **kwargs):
        raise OSError("no network in tests")

    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setattr(datasets, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)


def idx(array):
    """LeCun's format: magic number 0x0000 08 <axes>, big-endian sizes, bytes."""
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def write_mnist(folder, compress=True, prefix="train"):
    images = RNG.integers(0, 256, (5, 28, 28), dtype=np.uint8)
    labels = np.array([3, 1, 4, 1, 5], np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in ((f"{prefix}-images-idx3", images), (f"{prefix}-labels-idx1", labels)):
        data = idx(array)
        if compress:
            (folder / f"{name}-ubyte.gz").write_bytes(gzip.compress(data))
        else:
            (folder / f"{name}-ubyte").write_bytes(data)
    return images, labels


def cifar10_batches():
    """Five batches of two records and a test batch of three, with the arrays that they hold."""
    batches, images, labels = {}, [], []
    for name, n in [*((f"data_batch_{i}.bin", 2) for i in range(1, 6)), ("test_batch.bin", 3)]:
        some = RNG.integers(0, 256, (n, 3, 32, 32), dtype=np.uint8)
        classes = RNG.integers(0, 10, n, dtype=np.uint8)
        batches[name] = b"".join(
            bytes([c]) + x.tobytes() for c, x in zip(classes, some, strict=True)
        )
        images.append(some)
        labels.append(classes)
    return batches, images, labels


def picture(array):
    """PNG, which loses nothing."""
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    return file.getvalue()


def test_digits_are_scikit_learns():
    data = load_digits()
    train, test = datasets.digits("train"), datasets.digits("test")
    assert (train.images.shape, test.images.shape) == ((1500, 1, 8, 8), (297, 1, 8, 8))
    together = np.concatenate([train.images, test.images])[:, 0]
    assert np.array_equal(together, data.images)
    assert np.array_equal(np.concatenate([train.labels, test.labels]), data.target)
    assert train.images.dtype == np.uint8 and train.labels.dtype == np.int64
    assert len(train) == 1500


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("subfolder", ["", "mnist", "MNIST/raw"])
def test_mnist_in_published_form(tmp_path, monkeypatch, compress, subfolder):
    images, labels = write_mnist(tmp_path / subfolder, compress)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    part = datasets.mnist("train")
    assert np.array_equal(part.images[:, 0], images)
    assert np.array_equal(part.labels, labels)
    assert part.source == "MNIST"


@pytest.mark.parametrize("packed", [True, False])
def test_cifar10_in_published_form(tmp_path, monkeypatch, packed):
    batches, images, labels = cifar10_batches()
    if packed:
        with tarfile.open(tmp_path / "cifar-10-binary.tar.gz", "w:gz") as tar:
            for name, data in batches.items():
                info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    else:
        (tmp_path / "cifar-10-batches-bin").mkdir()
        for name, data in batches.items():
            (tmp_path / "cifar-10-batches-bin" / name).write_bytes(data)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    train, test = datasets.cifar10("train"), datasets.cifar10("test")
    assert np.array_equal(train.images, np.concatenate(images[:5]))
    assert np.array_equal(train.labels, np.concatenate(labels[:5]))
    assert np.array_equal(test.images, images[5])
    assert train.source == "CIFAR-10"


@pytest.mark.parametrize("form", ["folder", "zip", "zip with a folder around"])
def test_cifar10_as_images_by_class(tmp_path, monkeypatch, form):
    arrays = {
        f"{part}/{name}/{i:04}.png": RNG.integers(0, 256, (32, 32, 3), dtype=np.uint8)
        for part, n in (("train", 2), ("test", 1))
        for name in ("truck", "airplane", "no class of it")
        for i in range(n)
    }
    root = tmp_path / "cifar10"
    root.mkdir()
    if form == "folder":
        for name, array in arrays.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(picture(array))
    else:
        around = "images/" if "around" in form else ""
        with zipfile.ZipFile(root / "some.zip", "w") as archive:
            for name, array in arrays.items():
                archive.writestr(around + name, picture(array))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    part = datasets.cifar10("train")
    assert part.labels.tolist() == [0, 0, 9, 9]
    expected = [arrays[f"train/{c}/000{i}.png"] for c in ("airplane", "truck") for i in (0, 1)]
    assert np.array_equal(part.images, np.stack(expected).transpose(0, 3, 1, 2))
    assert part.source == "CIFAR-10 (PNG)"
    assert len(datasets.cifar10("test")) == 2


def test_mnist_as_images_by_class(tmp_path, monkeypatch):
    image = RNG.integers(0, 256, (28, 28), dtype=np.uint8)
    (tmp_path / "test" / "7").mkdir(parents=True)
    (tmp_path / "test" / "7" / "a.png").write_bytes(picture(image))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    part = datasets.mnist("test")
    assert part.labels.tolist() == [7]
    assert np.array_equal(part.images, image[None, None])


@pytest.mark.parametrize(
    ("load", "name"),
    [(datasets.mnist, "train-images-idx3-ubyte.gz"), (datasets.cifar10, "cifar-10-binary.tar.gz")],
)
def test_offline_one_sentence_says_what_to_do(load, name, capfd):
    with pytest.raises(ConnectionError) as caught:
        load("train")
    message = str(caught.value)
    assert name in message and "COURSE_DATA" in message and "\n" not in message
    assert message.endswith(".") and message.count(". ") == 0
    # Anything on stderr costs points in a graded cell.
    assert capfd.readouterr().err == ""


def test_a_download_that_is_not_what_was_published_is_refused(monkeypatch):
    def fetch(url, output_file, pooch_):
        Path(output_file).write_bytes(b"something else")

    monkeypatch.setattr(datasets, "_fetch", fetch)
    with pytest.raises(ConnectionError, match="COURSE_DATA"):
        datasets.mnist("test")


def test_a_download_is_kept_and_used_again(monkeypatch, tmp_path):
    images, _ = write_mnist(tmp_path / "published", prefix="t10k")
    fetched = []

    def fetch(url, output_file, pooch_):
        fetched.append(url)
        name = url.rsplit("/", 1)[1]
        Path(output_file).write_bytes((tmp_path / "published" / name).read_bytes())

    md5 = {
        path.name: hashlib.md5(path.read_bytes()).hexdigest()
        for path in (tmp_path / "published").iterdir()
    }
    monkeypatch.setattr(datasets, "MNIST_MD5", md5)
    monkeypatch.setattr(datasets, "_fetch", fetch)
    for _ in range(2):
        assert np.array_equal(datasets.mnist("test").images[:, 0], images)
    assert len(fetched) == 2


def test_bad_input_is_named(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"^part must be .* got 'validation'"):
        datasets.digits("validation")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(ValueError, match="COURSE_DATA must name a folder"):
        datasets.mnist("train")


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"\x89PNG....", "idx file"), (idx(np.zeros((5, 28, 28), np.uint8))[:-1], "must hold")],
)
def test_a_damaged_idx_file_is_named(tmp_path, monkeypatch, data, what):
    write_mnist(tmp_path, compress=False)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(data)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(ValueError, match=what) as caught:
        datasets.mnist("train")
    assert "train-images-idx3-ubyte" in str(caught.value)


def test_other_damage_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    write_mnist(tmp_path, compress=False)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(np.zeros(4, np.uint8)))
    with pytest.raises(ValueError, match="must match"):
        datasets.mnist("train")
    (tmp_path / "cifar-10-batches-bin").mkdir()
    (tmp_path / "cifar-10-batches-bin" / "test_batch.bin").write_bytes(bytes(3000))
    with pytest.raises(ValueError, match="3073"):
        datasets.cifar10("test")
    for i, size in enumerate([(28, 28), (28, 27)]):
        (tmp_path / "test" / "7").mkdir(parents=True, exist_ok=True)
        (tmp_path / "test" / "7" / f"{i}.png").write_bytes(picture(np.zeros(size, np.uint8)))
    with pytest.raises(ValueError, match="as large as the first"):
        datasets.mnist("test")


def test_standardised_channels_have_mean_0_and_deviation_1():
    images = RNG.integers(0, 256, (50, 3, 4, 5), dtype=np.uint8)
    images[:, 1] //= 10
    part = datasets.Part(images, np.zeros(50, np.int64), ("a",), "made")
    x = datasets.standardise(part)
    assert x.dtype == np.float32 and x.shape == images.shape
    np.testing.assert_allclose(x.mean((0, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(x.std((0, 2, 3)), 1, atol=1e-5)
    other = datasets.Part(images[:7], np.zeros(7, np.int64), ("a",), "made")
    np.testing.assert_array_equal(datasets.standardise(other, by=part), x[:7])


@pytest.fixture
def shared(monkeypatch):
    if not SHARED.is_dir():
        pytest.skip(f"the real data are not at hand: no folder {SHARED}")
    monkeypatch.setenv("COURSE_DATA", str(SHARED))


def test_the_real_mnist_test_part(shared):
    part = datasets.mnist("test")
    assert part.images.shape == (10_000, 1, 28, 28)
    # The first ten labels, and the count of each digit, as the data set is known to have them.
    assert part.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    counts = np.bincount(part.labels).tolist()
    assert counts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_the_real_cifar10_test_part(shared):
    part = datasets.cifar10("test")
    assert part.images.shape == (10_000, 3, 32, 32)
    assert np.bincount(part.labels).tolist() == [1000] * 10
    assert part.source == "CIFAR-10 (JPEG)"
    # The known means of CIFAR-10's channels, training part: JPEG and the part move them a little.
    means = part.images.mean((0, 2, 3)) / 255
    np.testing.assert_allclose(means, [0.4914, 0.4822, 0.4465], atol=0.01)


def test_photographs_of_ones_own(tmp_path):
    colours = {"cat": (200, 0, 0), "dog": (0, 0, 200)}
    for name, colour in colours.items():
        (tmp_path / name).mkdir()
        for i, size in enumerate([(40, 30), (20, 60), (8, 8), (50, 50), (33, 21)]):
            Image.new("RGB", size, colour).save(tmp_path / name / f"{i}.png")
    train, test = (datasets.photographs(tmp_path, part, size=16) for part in datasets.PARTS)
    assert train.classes == test.classes == ("cat", "dog")
    assert train.images.shape == (8, 3, 16, 16) and test.images.shape == (2, 3, 16, 16)
    for part in (train, test):
        for image, label in zip(part.images, part.labels, strict=True):
            assert (image[0] > 0).all() == (part.classes[label] == "cat")
    assert datasets.standardise(train).dtype == np.float32


def test_photographs_that_are_parted_already(tmp_path):
    for part, count in (("train", 3), ("test", 1)):
        for name in ("a", "b"):
            (tmp_path / part / name).mkdir(parents=True)
            for i in range(count):
                Image.new("L", (9, 9), 100).save(tmp_path / part / name / f"{i}.jpg")
    assert len(datasets.photographs(tmp_path, "train", 8)) == 6
    assert len(datasets.photographs(tmp_path, "test", 8)) == 2


def test_photographs_that_are_none_are_refused(tmp_path):
    with pytest.raises(ValueError, match="a folder of photographs for each class"):
        datasets.photographs(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_text("no picture")
    with pytest.raises(ValueError, match="two photographs or more"):
        datasets.photographs(tmp_path)
    (tmp_path / "a" / "two.txt").write_text("no picture")
    with pytest.raises(ValueError, match="take it out"):
        datasets.photographs(tmp_path)
