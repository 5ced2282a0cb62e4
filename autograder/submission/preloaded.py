"""What the process imports that the grader's children are forked of."""

from autograder.sandbox.loading import without_collector

with without_collector():
    import autograder.submission.child  # noqa: F401
