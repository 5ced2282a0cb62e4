"""The gradebook: nbgrader's steps around a run, the one writer of marks, and feedback."""
