from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from cxr_core.errors import ImageError
from cxr_core.images.decode import png


def encode(pixels) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


@pytest.fixture
def gray(radiograph):
    return radiograph(height=61, width=52, bits=8).astype(np.uint8)


def test_eight_and_sixteen_bits_are_kept(gray):
    np.testing.assert_array_equal(png.decode(encode(gray)).pixels, gray)
    deep = gray.astype(np.uint16) * 257
    assert png.decode(encode(deep)).pixels.dtype == np.uint16
    np.testing.assert_array_equal(png.decode(encode(deep)).pixels, deep)


@pytest.mark.parametrize("channels", [3, 4])
def test_gray_stored_as_colour_is_that_gray(gray, channels):
    colour = np.dstack([gray] * 3 + [np.full_like(gray, 255)] * (channels - 3))
    np.testing.assert_array_equal(png.decode(encode(colour)).pixels, gray)


def test_a_palette_and_single_bits_are_read(gray):
    for mode in ("P", "1"):
        picture = Image.fromarray(gray).convert(mode)
        buffer = BytesIO()
        picture.save(buffer, "PNG")
        np.testing.assert_array_equal(png.decode(buffer.getvalue()).pixels, np.asarray(picture.convert("L")))


@pytest.mark.parametrize("mode", ["L", "RGB", "I;16"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_turned_upright_as_viewers_show_it(gray, mode, orientation):
    pixels = gray.astype(np.uint16) * 257 if mode == "I;16" else gray
    picture = Image.fromarray(pixels)
    noted = Image.Exif()
    noted[0x0112] = orientation
    buffer = BytesIO()
    (picture.convert("RGB") if mode == "RGB" else picture).save(buffer, "PNG", exif=noted)
    upright = png.decode(buffer.getvalue())
    transposed = ImageOps.exif_transpose(Image.open(BytesIO(buffer.getvalue())))
    expected = np.asarray(transposed.convert("L") if mode == "RGB" else transposed)
    np.testing.assert_array_equal(upright.pixels, expected)
    assert (upright.height, upright.width) == expected.shape


@pytest.mark.parametrize("apart", [True, False])
def test_an_animation_is_refused_since_its_first_picture_is_not_what_all_show(gray, apart):
    first, *others = (Image.fromarray(turned) for turned in (gray, gray[::-1], gray[:, ::-1]))
    buffer = BytesIO()
    first.save(buffer, "PNG", save_all=True, append_images=others, default_image=apart)
    with pytest.raises(ImageError, match="animation"):
        png.decode(buffer.getvalue())


def test_transparent_pixels_are_refused(gray):
    colour = np.dstack([gray] * 3 + [np.full_like(gray, 255)])
    colour[5, 5, 3] = 254
    with pytest.raises(ImageError, match="transparent"):
        png.decode(encode(colour))


def test_a_file_cut_off_anywhere_is_refused(gray):
    data = encode(gray)
    for end in range(8, len(data)):
        with pytest.raises(ImageError, match="cut off"):
            png.decode(data[:end])


def test_a_damaged_byte_is_noticed(gray):
    data = bytearray(encode(gray))
    for place in range(12, len(data), 41):
        data[place] ^= 0xFF
        with pytest.raises(ImageError, match="cut off or is damaged"):
            png.decode(bytes(data))
        data[place] ^= 0xFF


def test_a_size_that_cannot_be_is_refused_before_decoding(gray, monkeypatch):
    import zlib

    data = bytearray(encode(gray))
    data[16:24] = (50_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    monkeypatch.setattr(png.cv2, "imdecode", lambda *_: pytest.fail("decoded"))
    with pytest.raises(ImageError, match="50000 x 50000 px"):
        png.decode(bytes(data))
