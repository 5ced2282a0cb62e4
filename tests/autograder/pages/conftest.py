"""A course with one submission for each form of attack, graded, and a real JupyterLab beside it."""

import os
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook

from autograder import testing as tiny
from autograder.classroom import grading
from autograder.sandbox import servers
from tests.autograder.pages import corpus
from tests.server import jupyterlab


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    for item in items:
        if "graded" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("pages"))
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.browser)


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
    for examiner, names in ((False, texts), (True, None)):  # it has no hand in texts
        config = tiny.Config()
        config.Execute.examiner = examiner
        writer = grading.writer(course.root, config=config)
        rows = grading.grade(writer, tiny.NAME, names, workers=2, progress=False)
        assert all(row.status != grading.NOT_GRADED for row in rows), rows
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
