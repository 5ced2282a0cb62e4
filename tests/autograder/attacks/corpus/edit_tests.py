"""Edit the checks."""

STATUS = ("tampered",)


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    for name in tiny.POINTS:
        tiny.find(nb, name).source = "pass"
    return nb
