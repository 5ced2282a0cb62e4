"""The sandbox for the tests: its fork servers live as long as a test process."""

import pytest

from autograder import testing as tiny
from autograder.sandbox import servers


@pytest.fixture(scope="session", autouse=True)
def one_server():
    yield
    for packages in ((), ("course",)):
        servers.server(packages).close()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A released course, graded in the sandbox."""
    return tiny.Course(tmp_path_factory.mktemp("course")).release()
