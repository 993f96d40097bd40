"""What most people write, with pydicom, OpenCV and a pool of two: from DICOM files to JPEG files of 224 px."""

from collections.abc import Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from pydicom import dcmread
from pydicom.pixels.processing import apply_voi_lut

SIZE_PX = 224
WORKERS = 2
WHAT = "pydicom, apply_voi_lut, min-max, cv2.equalizeHist, cv2.resize, cv2.imwrite in a multiprocessing.Pool of 2"


def to_jpegs(files: Sequence[Path], out: Path) -> None:
    """A JPEG file of each DICOM file, in a new folder."""
    out.mkdir(parents=True)
    with Pool(WORKERS) as pool:
        pool.map(partial(to_jpeg, out), files)


def to_jpeg(out: Path, path: Path) -> Path:
    """Decodes one as most people do."""
    dataset = dcmread(path)
    values = apply_voi_lut(dataset.pixel_array, dataset).astype(np.float64)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        values = values.max() - values
    values = (values - values.min()) / (values.max() - values.min())
    return _written(out / f"{path.stem}.jpg", (values * 255).astype(np.uint8))


def smaller_jpeg(out: Path, path: Path) -> Path:
    """The same of a JPEG file; its folders become part of its name."""
    return _written(out / "-".join(path.parts[-3:]), np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8))


def _written(path: Path, gray: npt.NDArray[np.uint8]) -> Path:
    small = cv2.resize(cv2.equalizeHist(gray), (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(path), small)
    return path
