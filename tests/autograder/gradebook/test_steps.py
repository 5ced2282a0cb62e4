"""nbgrader autograde with our steps: the same marks as ever, and no submission harms another."""

import contextlib
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import unzip

from autograder import testing as tiny
from autograder.submission.job import Status

pytestmark = pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox))

BENIGN = {
    "half": tiny.notebook(tiny.HALF),
    "stub": tiny.notebook(tiny.STUB),
    "broken-syntax": tiny.notebook("def add(a, b:"),
    "prints": tiny.notebook(
        "import numpy as np\ndef add(a, b):\n    print('adding')\n    return np.add(a, b)"
    ),
    "reads-data": tiny.notebook(
        "n = len(open('data.csv').read())\ndef add(a, b):\n    return a + b + n - 6", text=""
    ),
    "other-order": tiny.notebook(before="%matplotlib inline\nx = 3", after="x"),
}


def cells_named(nb, name):
    return [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name]


def doubled():
    nb = tiny.notebook()
    copy = nbformat.from_dict(tiny.find(nb, "test-visible"))
    copy["id"] = "copy"
    nb.cells.append(copy)
    return nb


def edited():
    nb = tiny.notebook(tiny.WRONG)
    for name in tiny.POINTS:
        tiny.find(nb, name).source = "True"
    return nb


def pointed():
    nb = tiny.notebook(tiny.HALF)
    tiny.find(nb, "test-partial").metadata.nbgrader["points"] = 1000
    tiny.find(nb, "test-visible").metadata.nbgrader["locked"] = False
    return nb


def deleted():
    nb = tiny.notebook(tiny.WRONG)
    nb.cells = [
        c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") in (None, "add")
    ]
    return nb


def renamed():
    nb = tiny.notebook()
    tiny.find(nb, "test-visible").metadata.nbgrader["grade_id"] = "something-else"
    return nb


def old_schema():
    nb = tiny.notebook()
    for c in nb.cells:
        if "nbgrader" in c.metadata:
            c.metadata.nbgrader["schema_version"] = 1
    return nb


def turned_to_text():
    nb = tiny.notebook(tiny.WRONG)
    tiny.find(nb, "test-visible").cell_type = "markdown"
    for key in ("outputs", "execution_count"):
        tiny.find(nb, "test-visible").pop(key)
    return nb


def skipped():
    nb = tiny.notebook(tiny.WRONG)
    tiny.find(nb, "test-visible").metadata["tags"] = ["skip-execution"]
    return nb


NOT_SO_BENIGN = {
    "a-broken": (b"{", Status.MALFORMED, 0),
    "b-doubled": (doubled(), Status.TAMPERED, 9),
    "c-edited": (edited(), Status.TAMPERED, 0),
    "d-points": (pointed(), Status.TAMPERED, 4.5),
    "e-deleted": (deleted(), Status.TAMPERED, 0),
    "f-renamed": (renamed(), Status.TAMPERED, 9),
    "g-schema": (old_schema(), Status.GRADED, 9),
    "h-text": (turned_to_text(), Status.TAMPERED, 0),
    "i-skipped": (skipped(), Status.GRADED, 0),
    "j-exit": (tiny.notebook(before="import os; os._exit(0)"), Status.DIED, 0),
    "k-late-exit": (
        tiny.notebook(tiny.RIGHT + "\ndef f(self, n, add=add):\n    import os; os._exit(0)"),
        Status.GRADED,
        9,
    ),
    "l-stderr": (
        tiny.notebook(
            "import sys\ndef add(a, b):\n    print('!', file=sys.stderr)\n    return a + b"
        ),
        Status.GRADED,
        9,
    ),
    "m-warns": (
        tiny.notebook("import warnings\ndef add(a, b):\n    warnings.warn('!')\n    return a + b"),
        Status.GRADED,
        9,
    ),
    "n-latin": ("é".encode("latin-1"), Status.MALFORMED, 0),
    "z-right": (tiny.notebook(), Status.GRADED, 9),
}


def test_marks_are_those_of_stock_nbgrader(tmp_path):
    ours = tiny.Course(tmp_path / "ours").release()
    stock = tiny.Course(tmp_path / "stock", sandboxed=False).release()
    for course in (ours, stock):
        for name, nb in BENIGN.items():
            course.submit(name, nb)
        result = course.autograde()
        assert result["success"], result
    for name in BENIGN:
        assert ours.scores(name) == stock.scores(name), name
        assert ours.status(name)[0] is Status.GRADED, name


def test_no_submission_harms_another(course):
    for name, (nb, _, _) in NOT_SO_BENIGN.items():
        course.submit(name, nb)
    result = course.autograde()
    assert result["success"], result["log"]
    for name, (_, status, score) in NOT_SO_BENIGN.items():
        assert (course.status(name)[0], course.score(name)) == (status, score), name
    for name in ("a-broken", "j-exit", "e-deleted"):
        nb = course.graded(name)
        for check in tiny.POINTS:
            assert len(cells_named(nb, check)) == 1
        assert str(course.status(name)[0]) in nb.cells[0].source


def test_marks_by_hand_survive_a_regrade(course):
    course.submit("by-hand", tiny.notebook())
    assert course.autograde("by-hand")["success"]
    with Gradebook(course.db_url, "tiny") as gradebook:
        grade = gradebook.find_grade("why", tiny.NAME, tiny.NAME, "by-hand")
        grade.manual_score, grade.needs_manual_grade = 1, False
        gradebook.db.commit()
    assert course.autograde("by-hand")["success"]
    with Gradebook(course.db_url, "tiny") as gradebook:
        assert gradebook.find_grade("why", tiny.NAME, tiny.NAME, "by-hand").score == 1


def test_links_are_not_followed(course, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the instructor's own words")
    path = course.submit("linked", tiny.notebook(before="print(open('notes.txt').read())"))
    (path.parent / "notes.txt").symlink_to(secret)
    (path.parent / "gradebook.txt").symlink_to(course.root / "gradebook.db")
    assert course.autograde("linked")["success"]
    graded = course.root / "autograded" / "linked" / tiny.NAME
    assert sorted(p.name for p in graded.iterdir()) == ["data.csv", f"{tiny.NAME}.ipynb"]
    assert "instructor's own words" not in (graded / f"{tiny.NAME}.ipynb").read_text()


def test_a_notebook_that_is_a_link(course, tmp_path):
    course.submit("victim", tiny.notebook())
    folder = course.root / "submitted" / "thief" / tiny.NAME
    folder.mkdir(parents=True)
    target = course.root / "submitted" / "victim" / tiny.NAME / f"{tiny.NAME}.ipynb"
    (folder / f"{tiny.NAME}.ipynb").symlink_to(target)
    assert course.autograde("thief")["success"]
    assert (course.status("thief")[0], course.score("thief")) == (Status.MALFORMED, 0)


def test_the_command_line(course):
    """`nbgrader autograde` itself, from the course's folder."""
    course.submit("from-command", tiny.notebook(tiny.HALF))
    program = Path(sys.executable).parent / "nbgrader"
    done = subprocess.run(
        [program, "autograde", tiny.NAME, "--student", "from-command", "--force"],
        cwd=course.root,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": os.defpath},
    )
    assert done.returncode == 0, done.stderr
    assert course.score("from-command") == 4.5
    assert course.status("from-command")[0] is Status.GRADED


def test_what_is_collected_stays_in_its_folder(tmp_path):
    """nbgrader unpacks archives that students hand in: names with .. and links lead nowhere."""
    names = ["../evil", "a/../../evil", f"{tmp_path}/evil", "link/evil"]
    for number, name in enumerate(names):
        with zipfile.ZipFile(tmp_path / f"{number}.zip", "w") as archive:
            archive.writestr("good", "1")
            archive.writestr(name, "1")
        with tarfile.open(tmp_path / f"{number}.gz", "w:gz") as archive:
            link = tarfile.TarInfo("link")
            link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
            archive.addfile(link)
            archive.addfile(tarfile.TarInfo(name))
    places = []
    for archive in sorted(tmp_path.iterdir()):
        places.append(tmp_path / "collected" / archive.name)
        places[-1].mkdir(parents=True)
        with contextlib.suppress(Exception):  # refused as a whole, or in part
            unzip(str(archive), str(places[-1]))
    assert len(places) == 8 and (places[0].parent / "0.zip" / "good").exists()
    assert not (tmp_path / "evil").exists() and not (tmp_path / "collected" / "evil").exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_symlink()]
