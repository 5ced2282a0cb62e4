"""A course with one submission for each form of attack, graded, and a real JupyterLab beside it."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook

from autograder import testing as tiny
from autograder.classroom import grading
from autograder.sandbox import servers
from autograder.submission import order as orders
from autograder.submission.job import Result, Status
from tests.autograder.pages import corpus
from tests.server import jupyterlab

HERE = Path(__file__).parent
# Of what is wrong with a submission on purpose.
EXPECTED = ["ignore:Non-unique cell id", "ignore:Your element with mimetype"]


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent == HERE and "graded" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.filterwarnings(*EXPECTED))
            item.add_marker(pytest.mark.xdist_group("pages"))
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.browser)


def not_run(job):
    """What becomes of text does not need its notebook's code to be run: a hundred notebooks."""
    return Result(job.notebook, Status.GRADED)


def grade(course, names):
    writer = grading.writer(course.root)
    rows = grading.grade(writer, tiny.NAME, names, workers=2, progress=False)
    assert all(row.status != grading.NOT_GRADED for row in rows), rows


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """The course, graded, with feedback; and the address of the formgrader that shows it."""
    if tiny.needs_sandbox:
        pytest.skip("; ".join(tiny.needs_sandbox))
    where = os.getcwd()
    course = tiny.Course(tmp_path_factory.mktemp("pages")).release()
    submissions = {**corpus.SUBMISSIONS, "honest": corpus.honest}
    for name, make in submissions.items():
        course.submit(name, make(tiny), corpus.FILES.get(name))
    texts = [name for name in submissions if name.startswith("text-")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orders, "engine", SimpleNamespace(run=not_run))
        patch.setattr("autograder.submission.child.Child.run", lambda _, order: orders.run(order))
        grade(course, texts)
    grade(course, None)
    servers.server(()).close()
    os.chdir(where)
    feedback = course.api.generate_feedback(tiny.NAME)
    assert feedback["success"], feedback["log"]
    with Gradebook(course.db_url, "tiny") as gradebook:
        ids = {
            name: gradebook.find_submission_notebook(tiny.NAME, tiny.NAME, name).id
            for name in submissions
        }
    settings = {"JUPYTER_CONFIG_DIR": str(course.root / ".jupyter")}
    with jupyterlab(course.root, **settings) as (base, token):
        yield SimpleNamespace(course=course, submissions=ids, base=base, token=token)
