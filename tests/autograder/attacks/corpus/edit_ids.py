"""Swap the ids of an easy and a hard check."""

STATUS = ("tampered",)

DESERVES = 4.5


def submission(tiny):
    nb = tiny.notebook(tiny.HALF)
    easy, hard = tiny.find(nb, "test-visible"), tiny.find(nb, "test-hidden")
    easy.metadata.nbgrader["grade_id"], hard.metadata.nbgrader["grade_id"] = (
        "test-hidden",
        "test-visible",
    )
    return nb
