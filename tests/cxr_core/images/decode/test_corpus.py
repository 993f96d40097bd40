"""The files that pydicom ships and those of pydicom-data: each is what pydicom reads, or has a reason that is known.

`corpus.json` is what is known. After a change that is meant, ``python tests/cxr_core/images/decode/test_corpus.py``
writes it anew; the difference is to be read.
"""

import json
import logging
import warnings
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from cxr_core.errors import ImageError
from cxr_core.images.decode import dicom_pixels, header
from cxr_core.images.decode.file import decode
from cxr_core.images.decode.reduced import whole

GOLDEN = Path(__file__).with_name("corpus.json")
WHOLE = 10**6
EQUAL, ALONE = "equal", "read; pydicom has no decoder for it here"


def corpus() -> dict[str, Path]:
    """Every file of data in both packages, by its name in its package."""
    found = {}
    for package in ("pydicom", "pydicom-data"):
        for file in metadata.files(package) or []:
            is_data = "data" in file.parts[:2] or "data_store" in file.parts[:1]
            if is_data and file.suffix not in {".py", ".pyc"}:
                found[file.as_posix()] = Path(str(file.locate()))
    return found


def shown(path: Path) -> np.ndarray:
    """The gray of each pixel."""
    decoded = decode(path, size_px=WHOLE)
    return decoded.image.pixels if decoded.table is None else decoded.table[decoded.image.pixels]


def shown_by_pydicom(path: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray | None:
    """The same from the values that pydicom decodes, through the same lookup; None where it decodes none."""
    try:
        values = dcmread(path).pixel_array.astype(np.int64)
    except Exception:  # noqa: BLE001 - whatever it lacks
        return None
    head, _ = header.read(path.read_bytes())
    zero, direction = int(values.min()), 1
    if head.photometric == "MONOCHROME1":
        zero, direction = int(values.max()), -1
    image = whole(((values - zero) * direction).astype(f"u{head.bits_allocated // 8}"))
    stored = dicom_pixels.StoredPixels(image=image, zero=zero, direction=direction, values=image.pixels)
    with monkeypatch.context() as patched:
        patched.setattr(dicom_pixels, "decode", lambda *_, **__: stored)
        return shown(path)


def outcome(path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    try:
        ours = shown(path).astype(int)
    except ImageError as error:
        return str(error)
    theirs = shown_by_pydicom(path, monkeypatch)
    if theirs is None:
        return ALONE
    farthest = np.abs(ours - theirs).max() if ours.shape == theirs.shape else 255
    return EQUAL if farthest <= 1 else f"{farthest} gray levels from what pydicom reads"


def outcomes(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is wrong with these files is what they are for
        return {name: outcome(path, monkeypatch) for name, path in sorted(corpus().items())}


def test_each_file_is_what_pydicom_reads_or_has_the_reason_that_is_known(monkeypatch):
    found = outcomes(monkeypatch)
    assert len(found) > 250
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_no_file_is_shown_otherwise_than_pydicom_reads_it():
    known = list(json.loads(GOLDEN.read_text(encoding="utf-8")).values())
    assert not [reason for reason in known if "gray levels" in reason]
    assert known.count(EQUAL) > 60


@pytest.mark.parametrize(
    ("name", "twin"),
    [("MR_small_jpeg_ls_lossless.dcm", "MR_small.dcm"), ("JPEG-lossy.dcm", "JPGExtended.dcm")],
)
def test_what_pydicom_cannot_read_here_shows_what_its_twin_shows(name, twin):
    """The same image compressed, or, of the second pair, with the mistake in its header mended."""
    known = json.loads(GOLDEN.read_text(encoding="utf-8"))
    paths = {Path(name).name: path for name, path in corpus().items()}
    assert known[f"pydicom/data/test_files/{name}"] == ALONE
    np.testing.assert_array_equal(shown(paths[name]), shown(paths[twin]))


def test_another_picture_would_be_noticed(monkeypatch):
    path = next(path for name, path in corpus().items() if name.endswith("CT_small.dcm"))
    decode_frame = dicom_pixels.decode

    def turned(*what, **how):
        stored = decode_frame(*what, **how)
        return replace(stored, image=replace(stored.image, pixels=stored.image.pixels[::-1]))

    assert outcome(path, monkeypatch) == EQUAL
    monkeypatch.setattr(dicom_pixels, "decode", turned)
    assert "gray levels from what pydicom reads" in outcome(path, monkeypatch)


if __name__ == "__main__":
    logging.disable()
    with pytest.MonkeyPatch.context() as patches:
        GOLDEN.write_text(json.dumps(outcomes(patches), indent=1) + "\n", encoding="utf-8")
