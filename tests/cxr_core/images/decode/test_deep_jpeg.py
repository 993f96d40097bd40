"""Damage inside JPEG streams of more than eight bits, which their own decoder passes over in silence."""

import imagecodecs
import numpy as np
import pytest

from cxr_core.errors import ImageError
from cxr_core.images.decode import deep_jpeg, jpeg

ENCODERS = {
    "extended": lambda pixels: imagecodecs.jpeg8_encode(pixels, 95, bitspersample=12),
    "lossless": lambda pixels: imagecodecs.jpeg8_encode(pixels, lossless=True, bitspersample=12, predictor=6),
    "lossless, first order": lambda pixels: imagecodecs.jpeg8_encode(
        pixels, lossless=True, bitspersample=12, predictor=1
    ),
    "lossless of 16 bits": lambda pixels: imagecodecs.jpeg8_encode(
        pixels * np.uint16(16), lossless=True, bitspersample=16, predictor=1
    ),
    "JPEG-LS": imagecodecs.jpegls_encode,
    "JPEG-LS, near-lossless": lambda pixels: imagecodecs.jpegls_encode(pixels, 2),
}


def decode(data, kind):
    stream = jpeg.parse(data)
    return deep_jpeg.decode_ls(stream) if kind.startswith("JPEG-LS") else deep_jpeg.decode(stream)


@pytest.fixture
def pixels(radiograph):
    """With borders of one gray, where a decoder that lost its place finds it again."""
    image = radiograph(height=700, width=600)
    image[:, :30] = image[-40:] = 0
    return image


@pytest.mark.parametrize("kind", ENCODERS)
def test_a_whole_stream_is_decoded(pixels, kind, capfd):
    decoded = decode(bytes(ENCODERS[kind](pixels)), kind)
    expected = pixels * np.uint16(16) if kind == "lossless of 16 bits" else pixels
    bound = {"extended": 200, "JPEG-LS, near-lossless": 2}.get(kind, 0)
    assert np.abs(decoded.astype(int) - expected).max() <= bound
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("kind", ENCODERS)
@pytest.mark.parametrize("size", [4096, 65536])
@pytest.mark.parametrize("with_what", ["zeros", "other bytes", "nothing"])
def test_a_stream_with_a_hole_is_refused_though_it_ends_well(*, pixels, kind, size, with_what, capfd):
    data, random = bytes(ENCODERS[kind](pixels)), np.random.default_rng(0)
    for start in random.integers(700, len(data) - size - 2, size=6):
        filling = {"zeros": bytes(size), "other bytes": random.bytes(size), "nothing": b""}[with_what]
        with pytest.raises(ImageError, match=r"damaged|cut off"):
            decode(data[:start] + filling + data[start + size :], kind)
    assert capfd.readouterr().err == ""


def test_parameters_that_only_a_progressive_scan_has_are_not_damage(pixels, capfd):
    data = bytes(ENCODERS["extended"](pixels))
    scan = data.index(b"\xff\xda")
    length = int.from_bytes(data[scan + 2 : scan + 4], "big")
    end = scan + 2 + length
    assert data[end - 3 : end] == b"\0\x3f\0"
    np.testing.assert_array_equal(
        decode(data[: end - 2] + b"\0" + data[end - 1 :], "extended"), decode(data, "extended")
    )
    assert capfd.readouterr().err == ""
