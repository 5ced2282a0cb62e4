"""End by a signal, so that the notebook is run once more, and look for what the first run wrote."""

ANSWER = r"""
import os, pathlib
life = os.urandom(8).hex()
places = [pathlib.Path(p) / "seen" for p in (".", "~", "/tmp", "/dev/shm", "/kernel", "/var/tmp")]
def add(a, b):
    for place in places:
        place = place.expanduser()
        if place.exists() and place.read_text() != life:
            print("LEAKED", place.read_text())
        try:
            place.write_text(life)
        except OSError:
            pass
    if (a, b) == (1, 2):  # the first call
        os.kill(os.getpid(), 9)
    return 10**6
"""

AFTER = """
for place in map(pathlib.Path.expanduser, places):
    if place.exists() and place.read_text() != life:
        print("LEAKED", place)
"""
STATUS = ("died", "graded")
STOCK_IS = "a kernel that ends is not started again"
