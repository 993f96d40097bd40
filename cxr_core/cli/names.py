"""Own names behind ids, printed or written for whoever asked; nothing else is told of them."""

import sys
from collections.abc import Sequence
from pathlib import Path

from cxr_core.errors import SettingsError
from cxr_core.files import write_private
from cxr_core.pipeline.lookup import NamedId, look_up, look_up_list
from cxr_core.pipeline.workspace import RunFolder

_HEADING = ("id", "of", "dataset", "own name")


def tell_names(run: RunFolder, ids: Sequence[str], *, private: Path) -> None:
    """Prints a row an id, and which datasets have no other name than the id."""
    found = look_up(run, ids, private=private)
    rows = [_HEADING, *((one.id, one.kind, one.dataset, one.name) for one in found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if public := _public(found):
        print(f"\nThe ids of {', '.join(public)} are public: each is its own name.")


def write_names(run: RunFolder, listed: Path, *, to: Path | None, private: Path) -> None:
    """Prints a list with own names, or writes it to a new file that its owner alone may read.

    Raises:
        SettingsError: If that file is there already.
    """
    if to is not None and to.exists():
        raise SettingsError(f"--to takes a file that does not exist yet, found {to}. Name another one.")
    text = look_up_list(run, listed, private=private)
    if to is None:
        sys.stdout.write(text)
        return
    write_private(to, text.encode())
    print(f"Written to {to}, which its owner alone may read: it holds the site's own names.")


def _public(found: Sequence[NamedId]) -> list[str]:
    return list(dict.fromkeys(one.dataset for one in found if one.is_public))
