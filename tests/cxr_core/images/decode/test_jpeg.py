from io import BytesIO

import cv2
import imagecodecs
import numpy as np
import pytest
from PIL import Image, ImageOps

from cxr_core.errors import ImageError
from cxr_core.images.decode import jpeg

WHOLE = 10_000


@pytest.fixture
def gray(radiograph):
    return radiograph(height=203, width=166, bits=8).astype(np.uint8)


def streams(gray):
    colour = np.dstack([gray] * 3)
    progressive = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_RST_INTERVAL, 5])[1]
    return {
        "baseline": bytes(imagecodecs.jpeg8_encode(gray, 90)),
        "progressive with restarts": progressive.tobytes(),
        "colour": bytes(imagecodecs.jpeg8_encode(colour, 90, subsampling="420")),
    }


KINDS = ["baseline", "progressive with restarts", "colour"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_image_is_what_opencv_reads(gray, kind):
    data = streams(gray)[kind]
    expected = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    image = jpeg.decode(jpeg.parse(data), size_px=WHOLE)
    np.testing.assert_array_equal(image.pixels, expected)
    assert (image.step, image.start, image.height, image.width) == (1, 0, 203, 166)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("size_px", "step"), [(84, 1), (83, 2), (41, 4), (20, 8), (10, 8)])
def test_it_is_reduced_in_the_codec_as_far_as_both_sides_allow(gray, kind, size_px, step):
    data = streams(gray)[kind]
    image = jpeg.decode(jpeg.parse(data), size_px=size_px)
    assert image.step == step
    assert image.pixels.shape == (-(-203 // step), -(-166 // step))
    full = jpeg.decode(jpeg.parse(data), size_px=WHOLE).pixels[: 203 // step * step, : 166 // step * step]
    means = full.reshape(203 // step, step, 166 // step, step).mean(axis=(1, 3))
    inside = image.pixels[: 203 // step, : 166 // step]
    assert np.abs(inside - means).mean() < 1.5


def test_what_follows_the_end_marker_does_not_matter(gray):
    data = streams(gray)["baseline"]
    assert jpeg.parse(data + bytes(7)) == jpeg.parse(data)


def exif(orientation: int) -> bytes:
    """A segment with the one entry orientation in a little-endian TIFF header."""
    tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0" + bytes([orientation, 0, 0, 0, 0, 0, 0, 0])
    return b"\xff\xe1" + (len(tiff) + 8).to_bytes(2, "big") + b"Exif\0\0" + tiff


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(10))
def test_a_file_of_its_own_is_turned_upright_as_viewers_show_it(gray, kind, orientation):
    data = streams(gray)[kind]
    data = data[:2] + exif(orientation) + data[2:]
    expected = np.asarray(ImageOps.exif_transpose(Image.open(BytesIO(data))).convert("L")).astype(int)
    upright = jpeg.decode_upright(jpeg.parse(data), size_px=WHOLE)
    assert (upright.height, upright.width) == expected.shape == upright.pixels.shape
    assert np.abs(upright.pixels - expected).max() <= 2
    as_stored = jpeg.decode(jpeg.parse(data), size_px=WHOLE)
    assert as_stored.pixels.shape == (203, 166)


def test_an_image_is_turned_before_it_is_reduced(gray):
    data = streams(gray)["baseline"]
    turned = jpeg.decode_upright(jpeg.parse(data[:2] + exif(6) + data[2:]), size_px=40)
    assert (turned.step, turned.start, turned.height, turned.width) == (1, 0, 166, 203)
    np.testing.assert_array_equal(turned.pixels, np.rot90(jpeg.decode(jpeg.parse(data), size_px=WHOLE).pixels, 3))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filling", [b"\0", b"\0\0\0", b"\xff", b"\0\xff\xff", bytes(4000)])
def test_what_fills_the_room_between_segments_does_not_matter(gray, kind, filling):
    data = streams(gray)[kind]
    filled, follows_scan = b"\xff\xd8", False
    for marker, segment in jpeg._segments(data, 2):
        filled += segment if follows_scan else filling + segment
        follows_scan = marker == 0xDA
    assert len(filled) > len(data)
    image = jpeg.decode(jpeg.parse(filled), size_px=WHOLE)
    np.testing.assert_array_equal(image.pixels, jpeg.decode(jpeg.parse(data), size_px=WHOLE).pixels)


def jfif_2(data: bytes) -> bytes:
    place = data.index(b"JFIF\0") + 5
    return data[:place] + b"\x02" + data[place + 1 :]


def odd_scan(data: bytes) -> bytes:
    """With parameters that only a progressive scan has."""
    scan = data.index(b"\xff\xda")
    end = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    assert data[end - 3 : end] == b"\0\x3f\0"
    return data[: end - 2] + b"\0" + data[end - 1 :]


@pytest.mark.parametrize("oddity", [jfif_2, odd_scan])
def test_a_harmless_mistake_is_read_and_hides_no_damage(gray, oddity, capfd):
    data = streams(gray)["baseline"]
    odd = oddity(data)
    expected = jpeg.decode(jpeg.parse(data), size_px=WHOLE).pixels
    np.testing.assert_array_equal(jpeg.decode(jpeg.parse(odd), size_px=WHOLE).pixels, expected)
    middle = len(odd) // 2
    with pytest.raises(ImageError, match="damaged"):
        jpeg.decode(jpeg.parse(odd[:middle] + bytes(3000) + odd[middle + 3000 :]), size_px=WHOLE)
    assert capfd.readouterr().err == ""


def test_fill_bytes_may_stand_before_the_first_marker(gray):
    data = streams(gray)["baseline"]
    assert jpeg.parse(b"\xff\xff\xff" + data) == jpeg.parse(data)


def test_other_bytes_between_segments_are_damage(gray):
    data = streams(gray)["baseline"]
    with pytest.raises(ImageError, match="cut off"):
        jpeg.parse(data[:2] + b"\0\x01" + data[2:])


@pytest.mark.parametrize("kind", ["baseline", "colour"])
def test_a_byte_of_zeros_before_the_end_marker_is_padding_and_many_bytes_are_damage(gray, kind, capfd):
    data = streams(gray)[kind]
    expected = jpeg.decode(jpeg.parse(data), size_px=WHOLE).pixels
    padded = jpeg.decode(jpeg.parse(data[:-2] + b"\0" + data[-2:]), size_px=WHOLE).pixels
    np.testing.assert_array_equal(padded, expected)
    for excess in (b"\x01" * 20, bytes(20), bytes(4000)):
        with pytest.raises(ImageError, match="damaged"):
            jpeg.decode(jpeg.parse(data[:-2] + excess + data[-2:]), size_px=WHOLE)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_cut_off_anywhere_is_refused(gray, kind):
    data = streams(gray)[kind]
    for end in [*range(0, 700, 7), *range(700, len(data), 97), len(data) - 2, len(data) - 1]:
        with pytest.raises(ImageError):
            jpeg.parse(data[:end])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("with_what", [b"", bytes(3000)])
def test_a_stream_with_a_hole_is_refused_though_it_ends_well(gray, kind, with_what, capfd):
    data = streams(gray)[kind]
    middle = len(data) // 2
    damaged = data[:middle] + with_what + data[middle + 3000 :]
    with pytest.raises(ImageError, match="damaged"):
        jpeg.decode(jpeg.parse(damaged), size_px=WHOLE)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "found other bytes"),
        (b"This is text, not a JPEG.", "found other bytes"),
        (b"\xff\xd8This is text", "cut off"),
        (b"\xff\xd8\xff\xd9", "found none"),
        (b"\xff\xd8\xff\xe0\0\0\xff\xd9", "cut off"),
    ],
)
def test_what_is_no_jpeg_is_refused(data, reason):
    with pytest.raises(ImageError, match=reason):
        jpeg.parse(data)


def test_a_size_that_cannot_be_is_refused_before_decoding(gray, monkeypatch):
    data = streams(gray)["baseline"]
    frame = data.index(b"\xff\xc0")
    bomb = data[: frame + 5] + b"\xff\xff\xff\xff" + data[frame + 9 :]
    monkeypatch.setattr(jpeg.cv2, "imdecode", lambda *_: pytest.fail("decoded"))
    with pytest.raises(ImageError, match="65535 x 65535 px"):
        jpeg.decode(jpeg.parse(bomb), size_px=224)


def test_twelve_bits_and_four_components_are_refused_here(gray):
    twelve = imagecodecs.jpeg8_encode(gray.astype(np.uint16) << 4, 90, bitspersample=12)
    with pytest.raises(ImageError, match="found 1 of 12"):
        jpeg.decode(jpeg.parse(bytes(twelve)), size_px=224)
    four = imagecodecs.jpeg8_encode(np.dstack([gray] * 4), 90, colorspace="CMYK", outcolorspace="CMYK")
    with pytest.raises(ImageError, match="found 4 of 8"):
        jpeg.decode(jpeg.parse(bytes(four)), size_px=224)
