"""Tag the checks so that they are skipped."""


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    for name in tiny.POINTS:
        tiny.find(nb, name).metadata["tags"] = ["skip-execution"]
    return nb
