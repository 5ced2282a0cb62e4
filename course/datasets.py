"""The data sets of the course: digits (embedded), MNIST and CIFAR-10 (downloaded once), yours."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from sklearn.datasets import load_digits
from tqdm import tqdm

PARTS = ("train", "test")

# The publishers' checksums. MNIST: LeCun, Cortes and Burges, files and md5 as torchvision has them;
# CIFAR-10: Krizhevsky (2009), https://www.cs.toronto.edu/~kriz/cifar.html, the binary version.
MNIST_URL = "https://ossci-datasets.s3.amazonaws.com/mnist/"
MNIST_MD5 = {
    "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
}
CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/"
CIFAR10_MD5 = {"cifar-10-binary.tar.gz": "c32a1d4ab5d03f1284b67883e8d87530"}
CIFAR10_CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
DIGIT_CLASSES = tuple("0123456789")


@dataclass(frozen=True)
class Part:
    """The training or the test part of a data set.

    Attributes:
        images: (N, C, H, W) uint8.
        labels: (N,) int64, indices into `classes`.
        classes: their names.
        source: where the images come from, in a few words, to print beside a result.
    """

    images: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    source: str

    def __len__(self):
        return len(self.labels)


def digits(part: str = "train") -> Part:
    """The 8x8 digits embedded in scikit-learn: the first 1,500 to train, the last 297 to test.

    Grey values go from 0 to 16.
    """
    _check_part(part)
    data = load_digits()
    chosen = slice(0, 1500) if part == "train" else slice(1500, None)
    images = data.images[chosen, None].astype(np.uint8)
    return Part(images, data.target[chosen].astype(np.int64), DIGIT_CLASSES, "scikit-learn digits")


def mnist(part: str = "train") -> Part:
    """MNIST, 28x28 grey: 60,000 images to train, 10,000 to test.

    Looks in the folder that `COURSE_DATA` names, then in the cache, then downloads.

    Raises:
        ConnectionError: the files are nowhere and cannot be downloaded.
    """
    _check_part(part)
    prefix = "train" if part == "train" else "t10k"
    names = [f"{prefix}-images-idx3-ubyte.gz", f"{prefix}-labels-idx1-ubyte.gz"]
    for folder in _folders("mnist", "MNIST", "MNIST/raw"):
        paths = [_existing(folder, name, name.removesuffix(".gz")) for name in names]
        if all(paths):
            return _mnist_part(*paths)
        if found := _images_by_class(folder, part, DIGIT_CLASSES, "L"):
            images, labels, how = found
            return Part(images, labels, DIGIT_CLASSES, f"MNIST ({how})")
    paths = [_download("MNIST", MNIST_URL, name, MNIST_MD5[name]) for name in names]
    return _mnist_part(*paths)


def cifar10(part: str = "train") -> Part:
    """CIFAR-10, 32x32 RGB: 50,000 images to train, 10,000 to test.

    Looks in the folder that `COURSE_DATA` names (the binary version, packed or unpacked, or
    train/<class>/ and test/<class>/ with images, as folders or in a zip), then in the cache, then
    downloads 162 MiB. The images of a JPEG-coded copy differ a little from the published ones:
    `source` then says so.

    Raises:
        ConnectionError: the files are nowhere and cannot be downloaded.
    """
    _check_part(part)
    (archive,) = CIFAR10_MD5
    for folder in _folders("cifar10", "cifar-10", "CIFAR10"):
        if (folder / "cifar-10-batches-bin").is_dir():
            return _cifar10_folder(folder / "cifar-10-batches-bin", part)
        if path := _existing(folder, archive):
            return _cifar10_archive(path, part)
        if found := _images_by_class(folder, part, CIFAR10_CLASSES, "RGB"):
            images, labels, how = found
            return Part(images, labels, CIFAR10_CLASSES, f"CIFAR-10 ({how})")
    path = _download("CIFAR-10", CIFAR10_URL, archive, CIFAR10_MD5[archive])
    return _cifar10_archive(path, part)


def photographs(
    folder: str | os.PathLike, part: str = "train", size: int = 64, test_share: float = 0.2
) -> Part:
    """A user's own photographs, sorted into folders: one a class, its name the class's.

        photos/cat/0001.jpg, photos/cat/0002.png, photos/dog/a.jpg, ...

    Each is cut to a square around its middle and brought to `size` x `size` pixels, RGB. Where the
    folder has train/<class>/ and test/<class>/, those are the parts; else every class is divided in
    one fixed random order.

    Args:
        folder: where they are.
        part: "train" or "test".
        size: pixels of a side.
        test_share: of each class, for the test part; at least one photograph.

    Raises:
        ValueError: there are not two classes of two photographs or more, or a file is no picture.
    """
    _check_part(part)
    folder = Path(folder).expanduser()
    parted = all((folder / name).is_dir() for name in PARTS)
    root = folder / part if parted else folder
    classes = tuple(sorted(p.name for p in root.glob("[!.]*") if p.is_dir()))
    images, labels = [], []
    for label, name in enumerate(classes):
        paths = sorted(p for p in (root / name).glob("[!.]*") if p.is_file())
        if not parted:
            if len(paths) < 2:
                raise ValueError(
                    f"{root / name} must hold two photographs or more, got {len(paths)}"
                )
            order = np.random.default_rng(0).permutation(len(paths))
            held_out = max(1, round(test_share * len(paths)))
            chosen = order[:held_out] if part == "test" else order[held_out:]
            paths = [paths[i] for i in sorted(chosen)]
        images += [_square(path, size) for path in paths]
        labels += [label] * len(paths)
    if len(classes) < 2 or not images:
        raise ValueError(
            f"{root} must hold a folder of photographs for each class, two or more, "
            f"got {len(classes)}"
        )
    stacked = np.stack(images).transpose(0, 3, 1, 2)
    return Part(
        np.ascontiguousarray(stacked), np.array(labels, np.int64), classes, f"photographs in {root}"
    )


LOADERS: dict[str, Callable[..., Part]] = {"digits": digits, "mnist": mnist, "cifar10": cifar10}


def standardise(part: Part, by: Part | None = None) -> np.ndarray:
    """Give float32 images of mean 0 and standard deviation 1 in each channel.

    Args:
        part: what to standardise.
        by: whose mean and deviation to use, `part`'s own when None. For a test part: the training
            part, so that nothing of the test is known.

    Returns:
        (N, C, H, W) float32.
    """
    reference = (by or part).images
    # Channel by channel: a float copy of all of CIFAR-10 would take 1.2 GB in float64.
    mean = np.array([c.mean() for c in reference.swapaxes(0, 1)], np.float32)
    std = np.array([c.std() for c in reference.swapaxes(0, 1)], np.float32)
    images = part.images.astype(np.float32)
    images -= mean[:, None, None]
    images /= np.maximum(std, 1e-8)[:, None, None]
    return images


# --- where the files are -------------------------------------------------------------------------


def cache_folder() -> Path:
    """Where downloads are kept: the user's cache folder of the system."""
    import pooch

    return Path(pooch.os_cache("course-convolutional-networks"))


def _folders(*names):
    """Where a user's own files may lie: COURSE_DATA and its subfolders of the data set's names."""
    if not (given := os.environ.get("COURSE_DATA")):
        return []
    root = Path(given).expanduser()
    if not root.is_dir():
        raise ValueError(f"COURSE_DATA must name a folder, got {given!r}")
    return [root, *(root / name for name in names if (root / name).is_dir())]


def _existing(folder, *names):
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _download(data_set, url, name, md5):
    import pooch  # not needed where the files are at hand

    pooch.get_logger().setLevel("WARNING")
    try:
        path = pooch.retrieve(
            url + name,
            known_hash=f"md5:{md5}",
            fname=name,
            path=cache_folder(),
            downloader=_fetch,
        )
        return Path(path)
    # requests' errors are OSErrors; a file that does not match its checksum is a ValueError.
    except (OSError, ValueError) as error:
        raise ConnectionError(
            f"{data_set} could not be downloaded from {url + name} ({type(error).__name__}): "
            f"connect to the internet once, or let COURSE_DATA name a folder that holds {name} or "
            f"the images as train/<class>/ and test/<class>/."
        ) from error


def _fetch(url, output_file, pooch_):
    """Download with a bar on stdout: nbgrader gives a cell that writes to stderr no points."""
    import pooch

    with tqdm(unit="B", unit_scale=True, file=sys.stdout, leave=False, delay=1) as bar:
        pooch.HTTPDownloader(progressbar=bar, timeout=30)(url, output_file, pooch_)


# --- the formats ---------------------------------------------------------------------------------


def _mnist_part(images_path, labels_path):
    images, labels = _idx(images_path), _idx(labels_path)
    if images.ndim != 3 or labels.shape != images.shape[:1]:
        raise ValueError(
            f"{images_path} (N, H, W) and {labels_path.name} (N,) must match, "
            f"got {images.shape} and {labels.shape}"
        )
    return Part(images[:, None], labels.astype(np.int64), DIGIT_CLASSES, "MNIST")


def _idx(path):
    """Read LeCun's idx format: two zero bytes, the type, the number of axes, sizes, data."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if data[:3] != b"\0\0\x08":
        raise ValueError(f"{path} must be an idx file of unsigned bytes, got {data[:4].hex()!r}")
    sizes = np.frombuffer(data, ">u4", count=data[3], offset=4)
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * data[3])
    if values.size != np.prod(sizes, dtype=np.int64):
        raise ValueError(f"{path} must hold {tuple(map(int, sizes))} bytes, got {values.size}")
    return values.reshape(sizes)


def _cifar10_names(part):
    return [f"data_batch_{i}.bin" for i in range(1, 6)] if part == "train" else ["test_batch.bin"]


def _cifar10_folder(folder, part):
    return _cifar10_part([(folder / name).read_bytes() for name in _cifar10_names(part)], folder)


def _cifar10_archive(path, part):
    with tarfile.open(path) as tar:
        names = _cifar10_names(part)
        # Read into memory, never unpacked: nothing is written where the archive says.
        batches = [tar.extractfile(f"cifar-10-batches-bin/{name}").read() for name in names]
    return _cifar10_part(batches, path)


def _cifar10_part(batches, path):
    """Records of 1 label and 3 x 32 x 32 bytes: red, green, blue, row by row."""
    data = b"".join(batches)
    if not data or len(data) % 3073:
        raise ValueError(f"{path} must hold records of 3073 bytes, got {len(data)} bytes")
    records = np.frombuffer(data, np.uint8).reshape(-1, 3073)
    images = records[:, 1:].reshape(-1, 3, 32, 32)
    return Part(images, records[:, 0].astype(np.int64), CIFAR10_CLASSES, "CIFAR-10")


def _images_by_class(folder, part, classes, mode):
    """Read <part>/<class>/<image> from a folder, or from the first zip in it that has any.

    Returns:
        (images (N, C, H, W) uint8, labels (N,), "JPEG" or another format), or None.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in folder.glob(f"{part}/*/*")}
    if files := _by_class(paths, part, classes):
        return _decode(files, lambda name: paths[name].read_bytes(), mode)
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            if files := _by_class(archive.namelist(), part, classes):
                return _decode(files, archive.read, mode)
    return None


def _by_class(names, part, classes):
    """The (name, label) of all files <part>/<class>/<file>, in the order of their names."""
    files = []
    for name in sorted(names):
        *_, its_part, its_class, file = ("", "", *PurePosixPath(name).parts)
        if its_part == part and its_class in classes and not file.startswith("."):
            files.append((name, classes.index(its_class)))
    return files


def _decode(files, read, mode):
    images = []
    for name, _ in files:
        with Image.open(io.BytesIO(read(name))) as image:
            how = image.format
            images.append(np.asarray(image.convert(mode)))
        if images[-1].shape != images[0].shape:
            raise ValueError(
                f"{name} must be as large as the first image, {images[0].shape[:2]}, "
                f"got {images[-1].shape[:2]}"
            )
    stacked = np.stack(images).reshape(len(images), *images[0].shape[:2], -1)
    labels = np.array([label for _, label in files], np.int64)
    return np.ascontiguousarray(stacked.transpose(0, 3, 1, 2)), labels, how


def _square(path, size):
    """A photograph's middle square as (size, size, 3) bytes, turned as it was taken."""
    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except UnidentifiedImageError:
        raise ValueError(f"{path} must be a picture that Pillow reads: take it out") from None
    return np.asarray(ImageOps.fit(upright, (size, size)))


def _check_part(part):
    if part not in PARTS:
        raise ValueError(f'part must be "train" or "test", got {part!r}')
