"""What is taken of a submission's folder: regular files within limits, the rest in words."""

import os
import socket

import pytest

from autograder.sandbox.limits import Limits
from autograder.submission.intake import printable, take_in

SMALL = Limits(files=3, files_size=1000, notebook=500)


def test_files_are_taken_with_their_folders(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "data.csv").write_bytes(b"1")
    (tmp_path / "*.txt").write_bytes(b"2")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "old").write_bytes(b"3")
    found = take_in(str(tmp_path), ignored=(".ipynb_checkpoints",))
    assert found.files == {"deep/er/data.csv": b"1", "*.txt": b"2"} and not found.left_out


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda path: path.symlink_to("nowhere"), "is a link"),
        (lambda path: path.symlink_to("x"), "is a link"),
        (lambda path: path.symlink_to("/etc"), "is a link"),
        (os.mkfifo, "is a pipe"),
        (lambda path: path.open("wb").truncate(300 << 20), "314,572,800 bytes"),
        (lambda path: path.write_bytes(b"x" * 900), "900 bytes"),
    ],
)
def test_what_is_no_regular_file_of_a_size_is_named(tmp_path, make, words):
    (tmp_path / "a.ipynb").write_bytes(b"{}")
    make(tmp_path / "x")
    found = take_in(str(tmp_path), limits=SMALL)
    assert list(found.files) == ["a.ipynb"] and words in found.left_out[0]


def test_a_socket_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("s")
    assert take_in(str(tmp_path)).left_out == ("s is a socket",)


@pytest.mark.parametrize("name", [b"two\nlines", b"caf\xe9", b"\x1b[2J", b"a\\b"])
def test_a_name_that_is_none_is_named_in_plain_words(tmp_path, name):
    with open(os.path.join(os.fsencode(tmp_path), name), "wb"):
        pass
    found = take_in(str(tmp_path))
    assert not found.files and found.left_out_in_words().isprintable()
    assert "no plain UTF-8" in found.left_out_in_words()


def test_no_flood_of_files_keeps_the_notebook_out(tmp_path):
    for number in range(40):
        (tmp_path / f"{number:02}").write_bytes(b"")
    (tmp_path / "z.ipynb").write_bytes(b"{}")
    found = take_in(str(tmp_path), first=("z.ipynb",), limits=Limits(files=20))
    assert len(found.files) == 20 and "z.ipynb" in found.files
    assert found.left_out == ("more than 20 files",)


def test_no_flood_of_names_keeps_the_notebook_out(tmp_path):
    for number in range(100):
        (tmp_path / f"{number:02}").write_bytes(b"")
    (tmp_path / "z.ipynb").write_bytes(b"{}")
    content = (tmp_path / "z.ipynb").read_bytes()
    for _ in range(5):  # whatever the order in which the folder lists them
        (tmp_path / "z.ipynb").rename(tmp_path / "y.ipynb")
        (tmp_path / "y.ipynb").rename(tmp_path / "z.ipynb")
        found = take_in(str(tmp_path), first=("z.ipynb",), limits=Limits(files=2))
        assert found.files["z.ipynb"] == content
        assert "more than 8 files and folders" in found.left_out


def test_what_comes_first_is_taken_alone_where_all_else_is_passed_over(tmp_path):
    (tmp_path / "timestamp.txt").write_bytes(b"now")
    (tmp_path / "other").write_bytes(b"")
    found = take_in(str(tmp_path), ignored=("*",), first=("timestamp.txt", "nothing"))
    assert found.files == {"timestamp.txt": b"now"} and not found.left_out


def test_the_digest_is_that_of_the_content(tmp_path):
    def digest(**files):
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        return take_in(str(tmp_path)).digest

    first = digest(a=b"1", b=b"2")
    assert digest(a=b"1") == first != digest(a=b"12", b=b"")
    assert digest(a=b"1", b=b"2") == first


def test_a_folder_that_is_a_link_or_is_not_there(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    assert take_in(str(tmp_path / "link")).left_out == ("the folder itself is a link",)
    assert "No such file" in take_in(str(tmp_path / "nothing")).left_out[0]


def test_words_from_outside_fit_a_terminal_and_a_database():
    assert printable("a\nb\x1b[2J\ud83d\x00é") == "a\\nb\\x1b[2J\\ud83d\\x00é"
