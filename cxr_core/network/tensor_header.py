"""The header of a safetensors file, read without a library: it can come from a stranger, or be half written."""

import json
from typing import BinaryIO

_LONGEST = 100_000_000
"""The format's own limit, bytes."""


def header_metadata(content: BinaryIO, *, size: int) -> dict[str, str]:
    """What the writer of a safetensors file said about it: eight bytes with a length, then JSON with each one's place.

    Args:
        content: The file, from its start; only the header is read.
        size: Of the file, bytes.

    Returns:
        Words by name; empty if nothing was said.

    Raises:
        ValueError: If the header is damaged, or the file is not as long as it tells.
        RecursionError: If the header is nested without end.

    Source:
        The format's own description, https://huggingface.co/docs/safetensors.
    """
    length = int.from_bytes(content.read(8), "little")
    if not 2 <= length <= min(size - 8, _LONGEST):
        raise ValueError(f"a header of {length} bytes in a file of {size}")
    header = json.loads(content.read(length), object_pairs_hook=_without_doubles)
    if not isinstance(header, dict):
        raise ValueError("a header that is no list of tensors by name")  # noqa: TRY004 -- of the file, not of a caller
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("metadata other than words by name")
    end = max(map(_end, header.values()), default=0)
    if 8 + length + end != size:
        raise ValueError(f"{size} bytes where the header tells of {8 + length + end}")
    return metadata


def _end(entry: object) -> int:
    match entry:
        case {"data_offsets": [int(start), int(end)]} if 0 <= start <= end:
            return end
    raise ValueError("a tensor without its place in the file")


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("one name twice in the header")
    return found
