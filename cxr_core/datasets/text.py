"""The text of a table's file, and what it is where it is none."""

import codecs
import gzip
import re
import zlib
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
MARKS = {
    ",": ("a comma", "commas"),
    ";": ("a semicolon", "semicolons"),
    "\t": ("a tab", "tabs"),
    "|": ("a bar", "bars"),
}
"""What separates columns, in words: one of them, several."""

_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAID = re.compile(r'"?sep=([,;\t|])"?[\r\n]', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_LONGEST_HEADER = 100_000
_CODE_PAGE = "cp1252"


def content(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        DataError: If it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: expected a readable CSV file, found: {error.strerror}. Check the path.") from error


def unpacked(path: Path, raw: bytes) -> bytes:
    """The bytes as they were before gzip, if that was used.

    Raises:
        DataError: If the rest of them is missing or damaged.
    """
    if not raw.startswith(_GZIP):
        return raw
    try:
        return gzip.decompress(raw)
    except (EOFError, OSError, zlib.error) as error:
        raise DataError(
            f"{path}: expected a whole gzip file, found one that is cut off or damaged. Get the file again."
        ) from error


def decoded(path: Path, raw: bytes) -> str:
    """The text of a file in UTF-8, without a byte order mark.

    Raises:
        DataError: If it is empty, or no text in UTF-8; it says what it is instead, and where.
    """
    _check_text(path, raw)
    return _checked(path, _utf8(path, raw))


def decoded_any(path: Path, raw: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or the code page of western Windows, without a byte order mark.

    UTF-16 needs its mark. Bytes are of the code page where none of them is a letter of UTF-8 beyond ASCII.

    Raises:
        DataError: If it is empty, or none of these; it says what it is instead, and where.
    """
    if raw.startswith(_UTF16):
        return _checked(path, _utf16(path, raw))
    _check_text(path, raw)
    try:
        text = _utf8(path, raw)
    except DataError:
        if _is_partly_utf8(raw):
            raise
        text = _code_page(path, raw)
    return _checked(path, text)


def _is_partly_utf8(raw: bytes) -> bool:
    return not raw.decode("utf-8", errors="ignore").isascii()


def _utf16(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-16")
    except UnicodeDecodeError as error:
        line = raw[: error.start // 2 * 2].decode("utf-16", errors="ignore").count("\n") + 1
        raise DataError(
            f"{path}:{line}: expected text in UTF-16, as its first bytes say, found other bytes. {_SAVE}."
        ) from error


def _code_page(path: Path, raw: bytes) -> str:
    try:
        return raw.decode(_CODE_PAGE)
    except UnicodeDecodeError as error:
        raise _no_utf8(path, error) from error


def _check_text(path: Path, raw: bytes) -> None:
    for start, what in _OTHER_FILES.items():
        if raw.startswith(start):
            raise DataError(f"{path}:1: expected a CSV file, found {what}. {_SAVE}.")


def _utf8(path: Path, raw: bytes) -> str:
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise _no_utf8(path, error) from error


def _no_utf8(path: Path, error: UnicodeDecodeError) -> DataError:
    line = error.object.count(b"\n", 0, error.start) + 1
    byte = error.object[error.start]
    return DataError(f"{path}:{line}: expected text in UTF-8, found the byte 0x{byte:02x}. {_SAVE}.")


def _checked(path: Path, text: str) -> str:
    if not text.strip():
        raise DataError(f"{path}:1: expected a table with a header row, found an empty file. Get the table again.")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{path}:{line}: expected text, found a zero byte. {_SAVE}.")
    return text


def delimiter(text: str) -> tuple[str, int]:
    """What separates the columns of a table, and how many rows stand above its header.

    A first row such as ``sep=;``, which spreadsheets write and read, says it itself. Else it is the comma, semicolon,
    tab or bar that makes the most columns of the header.
    """
    said = _SAID.match(text)
    if said is not None:
        return said[1], 1
    header, *_ = _QUOTED.sub("", text[:_LONGEST_HEADER]).splitlines() or [""]
    return max(MARKS, key=header.count), 0


def separated_otherwise(names: Sequence[str]) -> str | None:
    """What to do about a header row whose columns seem to be separated by something else than commas, if they do."""
    first = names[0] if names else ""
    if first.lower().startswith("sep="):
        return "The first row must name the columns: remove the row sep= above it."
    if first.startswith("#"):
        return "The first row must name the columns: remove the comment above it."
    found = next((words for mark, (_, words) in MARKS.items() if mark != "," and mark in first), None)
    if found is None:
        return None
    return f"Its columns are separated by {found}: save it as CSV with commas between columns and points in numbers."
