"""The text of a table's file, and what it is where it is none."""

import codecs
from collections.abc import Sequence
from pathlib import Path

from cxr_core.errors import DataError

_SAVE = "Save the table as CSV in UTF-8"
_OTHER_FILES = {
    b"PK\x03\x04": "a workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old workbook",
    b"\x1f\x8b": "a compressed file",
    b"PAR1": "a Parquet file",
    codecs.BOM_UTF16_LE: "text in UTF-16",
    codecs.BOM_UTF16_BE: "text in UTF-16",
}
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def decoded(path: Path) -> str:
    """A file's text, without a byte order mark.

    Raises:
        DataError: If it cannot be read, is empty, or is no text in UTF-8; it says what it is instead, and where.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: expected a readable CSV file, found: {error.strerror}. Check the path.") from error
    for start, what in _OTHER_FILES.items():
        if raw.startswith(start):
            raise DataError(f"{path}:1: expected a CSV file, found {what}. {_SAVE}.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path}:{line}: expected text in UTF-8, found the byte 0x{raw[error.start]:02x}. {_SAVE}."
        ) from error
    if not text.strip():
        raise DataError(f"{path}:1: expected a table with a header row, found an empty file. Get the table again.")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{path}:{line}: expected text, found a zero byte. {_SAVE}.")
    return text


def separated_otherwise(names: Sequence[str]) -> str | None:
    """What to do about a header row whose columns seem to be separated by something else than commas, if they do."""
    first = names[0] if names else ""
    if first.lower().startswith("sep="):
        return "The first row must name the columns: remove the row sep= above it."
    if first.startswith("#"):
        return "The first row must name the columns: remove the comment above it."
    found = next((word for mark, word in _SEPARATORS.items() if mark in first), None)
    if found is None:
        return None
    return f"Its columns are separated by {found}: save it as CSV with commas between columns and points in numbers."
