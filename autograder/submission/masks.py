"""What a submission finds in place of the files that are not for it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from autograder.sandbox import provisioner
from autograder.sandbox.bubblewrap import package_files

STAND_IN = "raise ImportError({message!r})\n"
SILENT = '''"""The checks themselves run in another process when work is graded."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *arguments, **keywords: None
'''


def masked_files(
    packages: Sequence[str], refused: Sequence[str], silent: Sequence[str] = ()
) -> dict[str, str | None]:
    """Files of refused and of silent modules, and the text a submission finds in their place.

    Of the folder where Python keeps what it compiled of them, nothing is seen (None): a file that
    is written there while submissions run would be no masked one.
    """
    found = {}
    for package in packages:
        for top in package_files(package):
            for folder, inner, files in os.walk(top):
                if "__pycache__" in inner:
                    inner.remove("__pycache__")
                for file in files:
                    if ".py" not in file:
                        continue
                    parts = Path(folder).relative_to(top).parts
                    name = ".".join([package, *parts, file.partition(".")[0]])
                    text = None
                    if any(fnmatchcase(name, pattern) for pattern in refused):
                        text = STAND_IN.format(message=provisioner.REFUSAL.format(name=name))
                    elif any(fnmatchcase(name, pattern) for pattern in silent):
                        text = SILENT
                    if text is not None:
                        found[os.path.join(folder, file)] = "" if file.endswith(".pyc") else text
                        compiled = os.path.join(folder, "__pycache__")
                        with contextlib.suppress(OSError):  # then nobody writes there
                            os.makedirs(compiled, exist_ok=True)
                            found[compiled] = None
    return found
