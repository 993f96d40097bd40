"""JPEG 2000 streams of which tiles, parts of tiles or bytes are missing."""

from io import BytesIO

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from cxr_core.errors import ImageError
from cxr_core.images.decode import codestream, jpeg2000

SOT, EOC = b"\xff\x90\0\x0a", b"\xff\xd9"


@pytest.fixture
def tiled(radiograph) -> tuple[bytes, list[bytes]]:
    """The main header and the 16 tile-parts of an image of 16 tiles."""
    buffer = BytesIO()
    pixels = radiograph(height=128, width=120, bits=8).astype(np.uint8)
    Image.fromarray(pixels).save(buffer, "JPEG2000", tile_size=(32, 32), no_jp2=True)
    first = buffer.getvalue().index(SOT)
    data, parts = buffer.getvalue()[first:], []
    while data.startswith(SOT):
        length = int.from_bytes(data[6:10], "big")
        parts.append(data[:length])
        data = data[length:]
    assert data == EOC
    return buffer.getvalue()[:first], parts


def test_all_tiles_are_read_in_whatever_order(tiled):
    head, parts = tiled
    assert len(parts) == 16
    whole = jpeg2000.decode(codestream.parse(head + b"".join(parts) + EOC), size_px=1000).pixels
    turned = jpeg2000.decode(codestream.parse(head + b"".join(parts[::-1]) + EOC), size_px=1000).pixels
    np.testing.assert_array_equal(whole, turned)


@pytest.mark.parametrize("kept", [range(1), range(8), range(12), range(15), range(1, 16), [0, *range(2, 16)]])
def test_a_stream_without_some_of_its_tiles_is_refused(tiled, kept):
    head, parts = tiled
    stream = head + b"".join(parts[place] for place in kept) + EOC
    with pytest.raises(ImageError, match=f"Expected 16 whole tiles of JPEG 2000; found {len(kept)}"):
        codestream.parse(stream)


def test_a_tile_twice_does_not_stand_for_another(tiled):
    head, parts = tiled
    with pytest.raises(ImageError, match="found 15"):
        codestream.parse(head + b"".join([*parts[:15], parts[14]]) + EOC)
    beyond = parts[15][:4] + (16).to_bytes(2, "big") + parts[15][6:]
    with pytest.raises(ImageError, match="found 15"):
        codestream.parse(head + b"".join([*parts[:15], beyond]) + EOC)


def test_a_tile_without_data_is_missing(tiled):
    head, parts = tiled
    empty = parts[3][:6] + (14).to_bytes(4, "big") + parts[3][10:12] + b"\xff\x93"
    with pytest.raises(ImageError, match="found 15"):
        codestream.parse(head + b"".join([*parts[:3], empty, *parts[4:]]) + EOC)


def test_a_tile_of_fewer_parts_than_it_says_is_missing(tiled):
    head, parts = tiled
    promises = [parts[0][:11] + b"\x02" + parts[0][12:], *parts[1:]]
    with pytest.raises(ImageError, match="found 15"):
        codestream.parse(head + b"".join(promises) + EOC)
    # the second part is there; 0 says that the number is not given
    second = parts[0][:6] + (14).to_bytes(4, "big") + b"\x01\0\xff\x93"
    codestream.parse(head + b"".join([*promises, second]) + EOC)


def encode(pixels, *, reversible) -> bytes:
    level = None if reversible else 60
    return bytes(imagecodecs.jpeg2k_encode(pixels, level, codecformat="J2K", bitspersample=12, reversible=reversible))


@pytest.mark.parametrize("reversible", [True, False])
def test_zeros_in_the_place_of_data_are_refused(radiograph, reversible):
    pixels = radiograph(height=700, width=600)
    pixels[:, :30] = pixels[-200:] = 0
    data = encode(pixels, reversible=reversible)
    np.testing.assert_allclose(
        jpeg2000.decode(codestream.parse(data), size_px=1000).pixels, pixels, atol=0 if reversible else 400
    )
    for start in np.random.default_rng(0).integers(300, len(data) - 600, size=10):
        with pytest.raises(ImageError, match="zeros stand in the place of data"):
            codestream.parse(data[:start] + bytes(512) + data[start + 512 :])


def test_an_image_of_one_gray_is_not_taken_for_a_hole():
    for shape in ((64, 64), (2000, 3000)):
        codestream.parse(encode(np.full(shape, 2048, np.uint16), reversible=True))


def test_empty_packets_of_many_precincts_and_layers_are_not_taken_for_a_hole(radiograph):
    pixels = np.full((1200, 1200), 128, np.uint8)
    pixels[:64, :64] = radiograph(height=64, width=64, bits=8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(
        buffer, "JPEG2000", no_jp2=True, precinct_size=(64, 64), codeblock_size=(32, 32), quality_layers=[80, 40, 20, 1]
    )
    data, empty = buffer.getvalue(), b"\x80" * 300
    assert empty in data
    # in most words: nothing of any code-block is in this packet; in one: it is empty
    shorter = data.replace(b"\x80" * 100, bytes(100))
    assert bytes(300) in shorter
    assert codestream.parse(shorter).data == shorter
