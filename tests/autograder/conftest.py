"""The sandbox for the tests: one fork server a test process, ended with it."""

import pytest
import tiny

from autograder import engine


@pytest.fixture(scope="session", autouse=True)
def one_server():
    yield
    engine.server(()).close()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A released course, graded in the sandbox."""
    return tiny.Course(tmp_path_factory.mktemp("course")).release()
