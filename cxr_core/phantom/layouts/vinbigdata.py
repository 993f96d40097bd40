"""The source site in VinBigData's layout, that of the Kaggle competition: DICOM files, three readers, their boxes."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from cxr_core.datasets.vinbigdata.names import KAGGLE_FINDINGS, NOTHING_FOUND, SIX
from cxr_core.phantom.causes import SyntheticSite
from cxr_core.phantom.drawing import Image
from cxr_core.phantom.layouts.dicom import write_dicom
from cxr_core.phantom.layouts.rows import Row
from cxr_core.phantom.randomness import stream
from cxr_core.phantom.readings import READERS, Reading, read
from cxr_core.phantom.roster import Visit

COLUMNS = ("image_id", "class_name", "class_id", "rad_id", "x_min", "y_min", "x_max", "y_max")
FOLDER = Path("vinbigdata")

_READERS = tuple(f"R{number}" for number in range(8, 18))
_LEAST_BITS = 12
_INVERTED, _COMPRESSED, _NOT_RECORDED = 0.2, 0.5, 0.1
_MAKERS, _SHARE_OF_FIRST = ("Phantom A", "Phantom B"), 0.6
_FIRST_DAY, _DAYS = date(2019, 1, 1), 731


def image_id(seed: int, visit: Visit) -> str:
    """32 hexadecimal digits that tell nothing."""
    return hashlib.sha256(f"{seed} {visit.patient} {visit.image}".encode()).hexdigest()[:32]


def file(seed: int, visit: Visit) -> Path:
    """Where an image lies, relative to the site's folder."""
    return Path("train") / f"{image_id(seed, visit)}.dicom"


def write_image(seed: int, visit: Visit, image: Image, *, site: SyntheticSite, folder: Path) -> tuple[Row, ...]:
    """Writes one image below the site's folder and gives its rows of ``train.csv``."""
    draws = stream(seed, visit.patient, visit.image, purpose="header")
    inverted, compressed, sex_known, age_known = draws.random(4)
    maker, day = _machine(seed, visit)
    bits = max(_LEAST_BITS, site.compression.bits)
    write_dicom(
        folder / file(seed, visit),
        np.round(image.gray * ((1 << bits) - 1)).astype(np.uint16),
        bits=bits,
        inverted=bool(inverted < _INVERTED),
        compressed=bool(compressed < _COMPRESSED),
        sex=None if sex_known < _NOT_RECORDED else "F" if image.patient.woman else "M",
        age_years=None if age_known < _NOT_RECORDED else round(image.patient.age_years),
        maker=maker,
        study_date=day,
    )
    names = draws.choice(_READERS, size=READERS, replace=False)
    readings = read(seed, visit, image.findings, site=site)
    rows = [_rows(image_id(seed, visit), str(name), reading) for name, reading in zip(names, readings, strict=True)]
    return tuple(row for reader in rows for row in reader)


def _machine(seed: int, visit: Visit) -> tuple[str | None, date | None]:
    """The maker and the day of an image, which no pixel depends on: nothing differs by them but by chance."""
    draws = stream(seed, visit.patient, visit.image, purpose="machine")
    is_first, maker_known, day_known = draws.random(3)
    maker = _MAKERS[0] if is_first < _SHARE_OF_FIRST else _MAKERS[1]
    day = _FIRST_DAY + timedelta(days=int(draws.integers(_DAYS)))
    return None if maker_known < _NOT_RECORDED else maker, None if day_known < _NOT_RECORDED else day


def _rows(image: str, reader: str, reading: Reading) -> list[Row]:
    if not reading:
        return [(image, NOTHING_FOUND, KAGGLE_FINDINGS.index(NOTHING_FOUND), reader, None, None, None, None)]
    rows: list[Row] = []
    for mark in reading:
        name = SIX[mark.class_index]
        number = KAGGLE_FINDINGS.index(name)
        rows += [(image, name, number, reader, box.x0, box.y0, box.x1, box.y1) for box in mark.boxes]
    return rows
