"""The tile-parts of a JPEG 2000 codestream: whether all are there, and whether bytes went missing inside."""

from collections import Counter

from cxr_core.errors import ImageError

START, _END = b"\xff\x90", b"\xff\xd9"
_HEAD_BYTES = 14
"""Of a tile-part without data: its start marker, what that holds, and the marker before its data."""

_LONGEST_RUN_BYTES = 64
"""Coded data look random: so many zeros in a row happen by chance once in 10^154 bytes."""


def end(data: bytes, place: int, *, count: int) -> int:
    """Where a codestream ends, behind its last marker.

    It is reached from tile-part to tile-part: a stream that was cut off has no way there. Decoders leave a tile that is
    not there gray, without a word.

    Args:
        data: The codestream.
        place: Where its first tile-part begins.
        count: How many tiles it must have.

    Raises:
        ImageError: If it was cut off, a tile is missing or empty, or a tile has fewer parts than it says.

    Source:
        ISO/IEC 15444-1, A.4.2 (SOT).
    """
    parts: Counter[int] = Counter()
    promised: Counter[int] = Counter()
    sizes: Counter[int] = Counter()
    while data[place : place + 2] == START:
        tile, length = int.from_bytes(data[place + 4 : place + 6], "big"), _length(data, place)
        parts[tile] += 1
        promised[tile] = max(promised[tile], data[place + 11])
        sizes[tile] += length - _HEAD_BYTES
        place += length
    if data[place : place + 2] != _END:
        raise ImageError("The JPEG 2000 codestream was cut off before its end. Get the file again.")
    whole = [tile for tile in parts if tile < count and sizes[tile] > 0 and parts[tile] >= promised[tile]]
    if len(whole) != count:
        raise ImageError(f"Expected {count} whole tiles of JPEG 2000; found {len(whole)}. Get the file again.")
    return place + 2


def refuse_hole(data: bytes, place: int, *, packets: int) -> None:
    """Refuses a stretch of zeros in coded data: what a lost sector or an interrupted transfer leaves.

    Decoders take them for data and show noise, without a word.

    Args:
        data: The codestream.
        place: Where its first tile-part begins.
        packets: At most as many packets has a tile; an empty one is a byte of zeros.

    Raises:
        ImageError: If there are more zeros in a row than coded data and empty packets can have.
    """
    run = bytes(min(_LONGEST_RUN_BYTES + packets, len(data)))
    if data.find(run, place) >= 0:
        raise ImageError("The JPEG 2000 codestream is damaged: zeros stand in the place of data. Get the file again.")


def _length(data: bytes, place: int) -> int:
    """The last tile-part may leave its length open; then the end marker is the last one in the data."""
    return int.from_bytes(data[place + 6 : place + 10], "big") or max(data.rfind(_END) - place, 1)
