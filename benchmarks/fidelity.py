"""How far reduced decoding leads from the full resolution: mean absolute difference in gray levels, worst format."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks.decode import REAL, SIZE_PX, files_of
from benchmarks.timing import Measured, alone
from cxr_core.images.decode.file import decode
from cxr_core.images.decode.reduced import LARGEST_SIDE_PX
from cxr_core.images.harmonize import decoding_px, harmonize

FORMATS = ("j2k", "uncompressed", "jpeg_lossless", "jpeg_full", "jpeg_small", "real_dicom", "real_jpeg")
MOST_FILES = 50


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            found = differences(Path(folder))
        said = ", ".join(f"{kind} {value:.2f}" for kind, value in found.items())
        if not REAL.exists():
            said += "; ../shared/real-cxr is not here"
        yield Measured(name=name, result=alone(name, max(found.values()), unit="gray levels", rounds=1), said=said)


def differences(folder: Path, *, formats: Sequence[str] = FORMATS) -> Mapping[str, float]:
    """Mean over the files of each format that is at hand.

    Args:
        folder: An empty one.
        formats: Those of the rows of decoding.
    """
    found = {}
    for kind in formats:
        place = folder / kind
        place.mkdir()
        paths = files_of(f"decode_{kind}", folder=place).paths[:MOST_FILES]
        if paths:
            found[kind] = mean(map(difference, paths))
    return found


def difference(path: Path) -> float:
    """Mean absolute difference of the two images of 224 px, in gray levels of 255."""
    ours, full = (
        harmonize(decode(path, size_px=size_px), size_px=SIZE_PX).astype(np.int16)
        for size_px in (decoding_px(SIZE_PX), LARGEST_SIDE_PX)
    )
    return float(np.abs(ours - full).mean())
