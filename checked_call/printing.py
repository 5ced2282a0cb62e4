"""What a function prints: kept from the page, its beginning remembered."""

import contextlib
import io
from collections.abc import Iterator

CHARACTERS = 1000


class Printed(io.TextIOBase):
    """Keeps the beginning of what is written, and counts the rest."""

    def __init__(self, characters: int = CHARACTERS):
        self.characters, self.kept, self.count = characters, [], 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() takes text, got {type(text).__name__}")
        if self.count < self.characters:
            self.kept.append(str(text[: self.characters - self.count]))
        self.count += len(text)
        return len(text)

    def text(self) -> str:
        rest = self.count - self.characters
        return "".join(self.kept) + (f" ... and {rest} more characters" if rest > 0 else "")


@contextlib.contextmanager
def captured() -> Iterator[Printed]:
    """Take what is written to stdout and stderr."""
    printed = Printed()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        yield printed
