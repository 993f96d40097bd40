"""Two hospitals of few but full-size files: DICOM in VinBigData's layout, JPEG in CheXpert's."""

from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from benchmarks.radiographs import DICOM_PX, JPEG_FULL_PX, write_dicom, write_jpeg
from cxr_core.datasets.chexpert.names import LABELS
from cxr_core.datasets.chexpert.names import SIX as CHEXPERT_NAMES
from cxr_core.datasets.vinbigdata.names import KAGGLE_FINDINGS
from cxr_core.datasets.vinbigdata.names import SIX as VINBIGDATA_NAMES
from cxr_core.findings import FINDINGS, NO_FINDING

CHEXPERT = "CheXpert-v1.0-small"
_READERS = ("R8", "R9", "R10")
_BOX = (100, 100, 400, 500)
_ONE_IS_PLAIN = 5


def write_sites(
    to: Path,
    *,
    images: int,
    dicom_px: tuple[int, int] = DICOM_PX,
    jpeg_px: tuple[int, int] = JPEG_FULL_PX,
) -> tuple[Path, Path]:
    """Writes both, each image of another patient, the classes in turn.

    Args:
        to: A folder.
        images: How many each has.
        dicom_px: Rows and columns of a DICOM file; four in five are compressed by JPEG 2000.
        jpeg_px: Rows and columns of a JPEG file.

    Returns:
        The folders of VinBigData and CheXpert.
    """
    source, external = to / "vinbigdata", to / CHEXPERT
    (source / "train").mkdir(parents=True)
    external.mkdir(parents=True)
    with get_context("spawn").Pool(2) as pool:
        pool.map(partial(_write_dicom, source, dicom_px), range(images))
        pool.map(partial(_write_jpeg, external, jpeg_px), range(images))
    _vinbigdata_table(images).to_csv(source / "train.csv", index=False)
    _chexpert_table(images).to_csv(external / "train.csv", index=False)
    return source, external


def _write_dicom(source: Path, shape: tuple[int, int], number: int) -> None:
    path = source / "train" / f"{_image_id(number)}.dicom"
    write_dicom(path, seed=number, compression="none" if number % _ONE_IS_PLAIN == 0 else "j2k", shape=shape)


def _write_jpeg(external: Path, shape: tuple[int, int], number: int) -> None:
    write_jpeg(external / _study(number), seed=1_000_000 + number, shape=shape)


def _vinbigdata_table(images: int) -> pd.DataFrame:
    rows = []
    for number in range(images):
        finding = number % len(FINDINGS)
        name = VINBIGDATA_NAMES[finding]
        box = (None,) * 4 if finding == NO_FINDING else _BOX
        rows += [(_image_id(number), name, KAGGLE_FINDINGS.index(name), reader, *box) for reader in _READERS]
    return pd.DataFrame(
        rows, columns=["image_id", "class_name", "class_id", "rad_id", "x_min", "y_min", "x_max", "y_max"]
    )


def _chexpert_table(images: int) -> pd.DataFrame:
    rows = pd.DataFrame({"Path": [f"{CHEXPERT}/{_study(number)}" for number in range(images)]})
    for column, value in (("Sex", "Female"), ("Age", "60"), ("Frontal/Lateral", "Frontal"), ("AP/PA", "PA")):
        rows[column] = value
    for label in LABELS:
        rows[label] = [
            1.0 if CHEXPERT_NAMES[number % len(FINDINGS)] == label else float("nan") for number in range(images)
        ]
    return rows


def _image_id(number: int) -> str:
    return f"a{number:031x}"  # digits alone would be read as a number


def _study(number: int) -> str:
    return f"train/patient{number + 1:05d}/study1/view1_frontal.jpg"
