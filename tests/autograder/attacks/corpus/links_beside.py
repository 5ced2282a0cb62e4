"""Lay links beside the notebook: to nothing, to themselves, to a folder, to all of it."""

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9


def beside(folder):
    (folder / "nothing").symlink_to("nowhere")
    (folder / "itself").symlink_to("itself")
    (folder / "above").symlink_to("..")
    (folder / "machine").symlink_to("/")


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
