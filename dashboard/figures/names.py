"""Names from a results file as pictures write them: of any length, and nothing in them is taken for more than text."""

import re

from dashboard.words import in_picture

_CUT = "\u2026"

_AFTER = re.compile(r"(?<=/)|\s+")


def shortened(name: str, *, letters: int) -> str:
    """A name on one line of at most so many letters, cut where it is longer."""
    return in_picture(_cut(name, letters=letters))


def wrapped(name: str, *, letters: int, lines: int = 2) -> str:
    """A name on lines of about so many letters, cut after the last of them.

    Args:
        name: As the file has it.
        letters: In a line; a longer word has a line of its own.
        lines: At most.
    """
    found: list[str] = []
    for word in filter(None, _AFTER.split(name)):
        glue = "" if not found or found[-1].endswith("/") else " "
        if found and len(found[-1] + glue + word) <= letters:
            found[-1] += glue + word
        elif len(found) < lines:
            found.append(word)
        else:
            found[-1] = _cut(f"{found[-1]}{glue}{word}{_CUT}", letters=letters)
            break
    return "<br>".join(in_picture(_cut(line, letters=2 * letters)) for line in found)


def _cut(name: str, *, letters: int) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1].rstrip()}{_CUT}"
