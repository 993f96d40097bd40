from io import BytesIO

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from cxr_core.errors import ImageError
from cxr_core.images.decode import codestream, jpeg2000

WHOLE = 10_000


def encode(pixels, *, bits=12, codec="J2K", levels=5) -> bytes:
    return bytes(
        imagecodecs.jpeg2k_encode(
            pixels, codecformat=codec, bitspersample=bits, reversible=True, resolutions=levels + 1
        )
    )


@pytest.mark.parametrize("codec", ["J2K", "JP2"])
@pytest.mark.parametrize("bits", [5, 8, 9, 12, 15, 16])
def test_every_precision_is_kept(radiograph, codec, bits):
    pixels = radiograph(height=71, width=58, bits=bits).astype(np.uint8 if bits <= 8 else np.uint16)
    stream = codestream.parse(encode(pixels, bits=bits, codec=codec))
    assert (stream.height, stream.width, stream.precision, stream.signed) == (71, 58, bits, False)
    np.testing.assert_array_equal(jpeg2000.decode(stream, size_px=WHOLE).pixels, pixels)


def encode_in_tiles(pixels) -> bytes:
    # by Pillow, since imagecodecs writes no tiles; Pillow garbles those of 16 bits when it writes them
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG2000", tile_size=(32, 32), no_jp2=True)
    return buffer.getvalue()


def test_tiles(radiograph):
    pixels = radiograph(height=71, width=58, bits=8).astype(np.uint8)
    stream = codestream.parse(encode_in_tiles(pixels))
    np.testing.assert_array_equal(jpeg2000.decode(stream, size_px=WHOLE).pixels, pixels)
    assert jpeg2000.decode(stream, size_px=20).pixels.shape == (36, 29)


def low_pass(pixels: np.ndarray) -> np.ndarray:
    """One level of the reversible 5/3 wavelet along columns, by its definition: ISO/IEC 15444-1, F.4.8.1."""
    count = -(-len(pixels) // 2)
    signal = np.pad(pixels, ((4, 4), (0, 0)), mode="reflect")
    left, odd, right = signal[0:-2:2], signal[1:-1:2], signal[2::2]
    detail = odd - (left + right) // 2
    smooth = left[1:] + (detail[:-1] + detail[1:] + 2) // 4
    return smooth[1 : 1 + count]


@pytest.mark.parametrize(("height", "width"), [(96, 96), (97, 99), (101, 103), (110, 95), (127, 129)])
@pytest.mark.parametrize("level", [1, 2])
def test_a_level_is_that_of_the_wavelet_whatever_the_size(*, radiograph, height, width, level):
    pixels = radiograph(height=height, width=width)
    expected = pixels.astype(np.int64)
    for _ in range(level):
        expected = low_pass(low_pass(expected).T).T
    image = jpeg2000.decode(codestream.parse(encode(pixels)), size_px=min(height, width) >> level)
    assert (image.step, image.start) == (2**level, (1 - 2**level) / 2)
    assert (image.height, image.width) == (height, width)
    np.testing.assert_array_equal(image.pixels, np.clip(expected, 0, 4095))


def test_no_more_levels_are_left_out_than_the_stream_has(radiograph):
    stream = codestream.parse(encode(radiograph(height=300, width=270), levels=1))
    assert jpeg2000.decode(stream, size_px=30).step == 2


def test_a_stream_cut_off_anywhere_is_refused(radiograph):
    data = encode_in_tiles(radiograph(height=71, width=58, bits=8).astype(np.uint8))
    for end in range(len(data)):
        with pytest.raises(ImageError):
            codestream.parse(data[:end])


def test_an_open_length_in_the_last_tile_part(radiograph):
    pixels = radiograph(height=71, width=58)
    data = encode(pixels)
    place = data.index(b"\xff\x90\0\x0a") + 6
    opened = data[:place] + bytes(4) + data[place + 4 :]
    np.testing.assert_array_equal(jpeg2000.decode(codestream.parse(opened), size_px=WHOLE).pixels, pixels)
    with pytest.raises(ImageError, match="cut off"):
        codestream.parse(opened[:-2])


def test_an_image_away_from_the_origin_is_not_reduced(radiograph):
    data = encode(radiograph(height=71, width=58))
    sixty, two = (60).to_bytes(4, "big"), (2).to_bytes(4, "big")
    moved = data[:8] + sixty + data[12:16] + two + data[20:24] + sixty + data[28:]
    stream = codestream.parse(moved)
    assert (stream.width, stream.levels) == (58, 0)


@pytest.mark.parametrize(
    "data", [b"", b"text", b"\xff\x4f\xff\x51", b"\xff\x4f\xff\x51" + bytes(60), b"\0\0\0\x0cjP  " * 3]
)
def test_other_bytes_are_refused(data):
    with pytest.raises(ImageError, match=r"JPEG 2000|component"):
        codestream.parse(data)


def test_a_size_that_cannot_be_is_refused(radiograph):
    data = encode(radiograph(height=71, width=58))
    with pytest.raises(ImageError, match="px in all"):
        codestream.parse(data[:8] + b"\0\1\0\0\0\1\0\0" + data[16:])


def test_colour_and_more_than_sixteen_bits_are_refused(radiograph):
    colour = np.dstack([radiograph(height=71, width=58)] * 3)
    with pytest.raises(ImageError, match="found 3"):
        codestream.parse(encode(colour))
    data = encode(radiograph(height=71, width=58))
    with pytest.raises(ImageError, match="found 24"):
        codestream.parse(data[:42] + bytes([23]) + data[43:])
