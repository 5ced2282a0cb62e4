"""Make a check an unlocked solution, or of a strange type."""

STATUS = ("tampered",)


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    tiny.find(nb, "test-visible").metadata.nbgrader.update(solution=True, locked=False)
    tiny.find(nb, "test-partial").metadata.nbgrader["schema_version"] = 99
    tiny.find(nb, "test-hidden").metadata["nbgrader"] = ["?"]
    return nb
