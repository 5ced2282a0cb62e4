"""Name a kernel that runs a program of one's own."""


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    nb.metadata["kernelspec"] = {"name": "../../evil", "display_name": "evil"}
    return nb
