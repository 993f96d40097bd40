"""The headers of a JPEG 2000 codestream, and whether it is whole."""

from dataclasses import dataclass

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage, tile_parts
from cxr_core.images.decode.reduced import check_size

_JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  "
_SOC, _SIZ, _COD = b"\xff\x4f", b"\xff\x51", b"\xff\x52"
_RAW = 0x41
"""Code-block styles that write some bits uncoded, in which zeros may be many: bypass, and high throughput."""


@dataclass(frozen=True, kw_only=True)
class Codestream:
    """What the main header of a codestream says.

    Attributes:
        data: From its first marker to its last.
        height: Of the image, px.
        width: Of the image, px.
        precision: Bits per sample, 1 to 16.
        signed: Whether samples are signed.
        levels: How often it can be halved; 0 where the levels are not sampled at even pixels.
    """

    data: bytes
    height: int
    width: int
    precision: int
    signed: bool
    levels: int


def parse(data: bytes) -> Codestream:
    """Reads the main header, and follows the tile-parts to the end: each tile that it promises must be there.

    Args:
        data: A codestream, or a JP2 file that holds one.

    Raises:
        ImageError: If the codestream is not whole, or does not hold one gray image of at most 16 bits.

    Source:
        ISO/IEC 15444-1, Annex A: SIZ (A.5.1), COD (A.6.1), SOT (A.4.2); Annex I for JP2.
    """
    with damage.refused("Expected a JPEG 2000 codestream; found other bytes. Get the file again."):
        stream = _parse(_unboxed(data))
    if stream.precision > 16:
        raise ImageError(f"Expected at most 16 bits of JPEG 2000; found {stream.precision}. Leave the file out.")
    return stream


def _unboxed(data: bytes) -> bytes:
    if not data.startswith(_JP2_SIGNATURE):
        return data
    place = 0
    while data[place + 4 : place + 8] != b"jp2c":
        length = _number(data, place, 4)
        if length < 8:
            raise ValueError
        place += length
    return data[place + 8 :]


def _parse(data: bytes) -> Codestream:
    if data[:4] != _SOC + _SIZ:
        raise ValueError
    x1, y1, x0, y0 = (_number(data, place, 4) for place in (8, 12, 16, 20))
    components, depth = _number(data, 40, 2), data[42]
    if components != 1:
        raise ImageError(f"Expected one gray component; found {components}. Leave colour images out.")
    check_size(height=y1 - y0, width=x1 - x0)
    coding, first_tile = _main_header(data)
    end = tile_parts.end(data, first_tile, count=_tiles(data))
    if not coding.is_raw:
        tile_parts.refuse_hole(data[:end], first_tile, packets=coding.packets)
    return Codestream(
        data=data[:end],
        height=y1 - y0,
        width=x1 - x0,
        precision=(depth & 0x7F) + 1,
        signed=bool(depth & 0x80),
        levels=coding.levels if x0 == y0 == 0 else 0,
    )


@dataclass(frozen=True, kw_only=True)
class _Coding:
    """What the main header says of all tiles: levels, whether some bits are coded as they are, packets at most."""

    levels: int = 0
    is_raw: bool = True
    packets: int = 0


def _main_header(data: bytes) -> tuple[_Coding, int]:
    """How the tiles are coded, and where the first one begins."""
    place, coding = 2, _Coding()
    while data[place : place + 2] != tile_parts.START:
        if data[place] != 0xFF:
            raise ValueError
        if data[place : place + 2] == _COD:
            coding = _coding(data, place)
        place += 2 + _number(data, place + 2, 2)
    return coding, place


def _coding(data: bytes, place: int) -> _Coding:
    levels, style = data[place + 9], data[place + 12]
    has_precincts = bool(data[place + 4] & 1)
    packets = 0
    for level in range(levels + 1):
        size = data[place + 14 + levels - level] if has_precincts else 0xFF
        packets += _precincts(data, 8, level + (size & 15)) * _precincts(data, 12, level + (size >> 4))
    return _Coding(levels=levels, is_raw=bool(style & _RAW), packets=_number(data, place + 6, 2) * packets)


def _precincts(data: bytes, at: int, exponent: int) -> int:
    """At most as many lie side by side in a tile."""
    return 2 + (min(_number(data, at, 4), _number(data, at + 16, 4)) >> exponent)


def _tiles(data: bytes) -> int:
    """How many tiles the image and tile sizes ask for: B.3 of the Source."""
    count = 1
    for at in (8, 12):
        end, tile, first = (_number(data, at + offset, 4) for offset in (0, 16, 24))
        count *= -(-(end - first) // tile)
    return count


def _number(data: bytes, place: int, size: int) -> int:
    if place + size > len(data):
        raise ValueError
    return int.from_bytes(data[place : place + size], "big")
