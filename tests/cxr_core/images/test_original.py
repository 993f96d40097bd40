"""An original file for the eye: what it stores, decoded in a process that may die of it."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from cxr_core.errors import ImageError
from cxr_core.images import identity
from cxr_core.images.decode.file import decode
from cxr_core.images.harmonize import harmonize, pipeline_fingerprint
from cxr_core.images.original import Made, original, perform

WriteDicom = Callable[..., Path]


def content_hash(path: Path) -> str:
    return decode(path, size_px=64).content_hash


def test_a_dicom_file_keeps_its_stored_values_and_brings_its_own_window(write_dicom: WriteDicom) -> None:
    pixels = np.arange(48 * 64, dtype=np.uint16).reshape(48, 64)
    path = write_dicom(pixels, elements={"WindowCenter": 1000, "WindowWidth": 500})

    found = original(path, content_hash=content_hash(path), size_px=1024, timeout_s=60)

    assert (found.height, found.width, found.shown_height, found.shown_width) == (48, 64, 48, 64)
    assert (found.bits, found.lowest, found.highest, found.is_falling) == (16, 0, 48 * 64 - 1, False)
    samples = np.frombuffer(found.samples, "<u2").reshape(48, 64)
    np.testing.assert_array_equal(samples, pixels)
    gray = np.frombuffer(found.table, np.uint8)[samples]
    assert gray[pixels < 749].max() == 0
    assert gray[pixels > 1251].min() == 255
    assert abs(int(gray[pixels == 1000][0]) - 128) <= 1


def test_a_monochrome1_image_is_shown_white_where_its_values_are_low(write_dicom: WriteDicom) -> None:
    path = write_dicom(np.arange(48 * 64, dtype=np.uint16).reshape(48, 64), photometric="MONOCHROME1")

    found = perform(path, content_hash=content_hash(path), size_px=1024)

    samples = np.frombuffer(found.samples, "<u2").reshape(48, 64)
    gray = np.frombuffer(found.table, np.uint8)[samples]
    window = (samples.astype(float) - found.lowest) / (found.highest - found.lowest)
    assert gray[0, 0] == 255
    assert (1 - window if found.is_falling else window)[0, 0] == 1
    assert gray[-1, -1] == 0


def test_a_large_image_is_made_smaller_and_keeps_its_shape(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    cv2.imwrite(str(path), np.tile(np.arange(250, dtype=np.uint8), (500, 4)))

    found = perform(path, content_hash=content_hash(path), size_px=100)

    assert (found.height, found.width, found.shown_height, found.shown_width) == (500, 1000, 50, 100)
    assert (found.bits, len(found.samples)) == (8, 5000)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_file_that_lies_on_its_side_is_shown_and_prepared_upright(tmp_path: Path, suffix: str) -> None:
    upright = np.tile(np.arange(200, dtype=np.uint8), (300, 1))
    upright[:80] = upright[:80] // 4
    note = Image.Exif()
    note[0x0112] = 6  # stored a quarter turn against the clock from how it is seen
    lying, standing = tmp_path / f"lying{suffix}", tmp_path / f"standing{suffix}"
    Image.fromarray(np.rot90(upright).copy()).save(lying, exif=note, quality=95)
    Image.fromarray(upright).save(standing, quality=95)

    found = perform(lying, content_hash=content_hash(lying), size_px=1024)
    prepared = [harmonize(decode(path, size_px=224), size_px=224).astype(int) for path in (lying, standing)]

    assert (found.height, found.width, found.shown_height, found.shown_width) == (300, 200, 300, 200)
    samples = np.frombuffer(found.samples, np.uint8).reshape(300, 200).astype(int)
    assert np.abs(samples - upright).mean() < 2
    assert np.abs(prepared[0] - prepared[1]).mean() < 2


def test_another_image_under_the_same_name_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "patient_miller.png"
    cv2.imwrite(str(path), np.eye(64, dtype=np.uint8) * 255)

    with pytest.raises(ImageError, match="another image now") as raised:
        original(path, content_hash="blake3:0", size_px=100, timeout_s=60)

    assert "miller" not in str(raised.value)


def made(path: Path) -> Made:
    pixels, pipeline = harmonize(decode(path, size_px=224), size_px=32), pipeline_fingerprint(32)
    picture_hash = identity.of_picture(pixels, content_hash=content_hash(path), pipeline=pipeline)
    return Made(picture_hash=picture_hash, pipeline=pipeline, size_px=32)


def test_the_same_exposure_through_another_window_than_the_run_saw_is_not_shown(write_dicom: WriteDicom) -> None:
    pixels = np.arange(48 * 64, dtype=np.uint16).reshape(48, 64)
    path = write_dicom(pixels, elements={"WindowCenter": 1000, "WindowWidth": 500})
    same, before = content_hash(path), made(path)
    assert original(path, content_hash=same, size_px=64, timeout_s=60, made=before).width == 64

    write_dicom(pixels, elements={"WindowCenter": 2000, "WindowWidth": 900})

    assert content_hash(path) == same
    with pytest.raises(ImageError, match="otherwise now than when the run was made"):
        original(path, content_hash=same, size_px=64, timeout_s=60, made=before)
    by_another_release = replace(before, pipeline="0123456789abcdef")
    assert perform(path, content_hash=same, size_px=64, made=by_another_release).width == 64


def test_a_hash_of_another_kind_is_not_called_another_image(tmp_path: Path) -> None:
    path = tmp_path / "patient_miller.png"
    cv2.imwrite(str(path), np.eye(64, dtype=np.uint8) * 255)

    with pytest.raises(ImageError, match=r"blake3 and none.*run again"):
        original(path, content_hash="0" * 32, size_px=100, timeout_s=60)


def test_a_damaged_file_is_refused_without_its_name(tmp_path: Path) -> None:
    path = tmp_path / "patient_miller.dicom"
    path.write_bytes(b"\0" * 128 + b"DICM" + b"Miller^Jane" * 20)

    with pytest.raises(ImageError) as raised:
        original(path, content_hash="blake3:0", size_px=100, timeout_s=60)

    assert "iller" not in str(raised.value)


def test_a_file_that_hangs_its_decoder_is_given_up(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)

    with pytest.raises(ImageError, match="longer than allowed"):
        original(pipe, content_hash="blake3:0", size_px=100, timeout_s=1.5)


def test_a_decoder_that_dies_costs_one_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")

    with pytest.raises(ImageError, match="crashed its decoder"):
        original(tmp_path / "any.png", content_hash="blake3:0", size_px=100, timeout_s=60)
