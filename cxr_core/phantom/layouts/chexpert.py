"""The external site in CheXpert's layout: JPEG files by patient and study, and labels as if taken from reports."""

from pathlib import Path

import cv2
import numpy as np

from cxr_core.datasets.chexpert.names import LABELS, SIX
from cxr_core.findings import FINDINGS, NO_FINDING
from cxr_core.phantom.causes import SyntheticSite
from cxr_core.phantom.drawing import Image
from cxr_core.phantom.layouts.rows import Cell, Row
from cxr_core.phantom.randomness import stream
from cxr_core.phantom.readings import READERS, read
from cxr_core.phantom.roster import Visit

NAME = "CheXpert-v1.0-small"
COLUMNS = ("Path", "Sex", "Age", "Frontal/Lateral", "AP/PA", *LABELS)
FOLDER = Path("chexpert") / NAME

_NOTHING_LOST = 100
_POSITIVE, _NEGATIVE, _UNCERTAIN = 1.0, 0.0, -1.0
_DEVICES = "Support Devices"


def image_id(visit: Visit) -> str:
    """Patient, study and view, as CheXpert's reader names an image."""
    return f"train/patient{visit.patient + 1:05d}/study{visit.image + 1}/view1_frontal"


def file(visit: Visit) -> Path:
    """Where an image lies, relative to the site's folder."""
    return Path(f"{image_id(visit)}.jpg")


def write_image(seed: int, visit: Visit, image: Image, *, site: SyntheticSite, folder: Path) -> tuple[Row, ...]:
    """Writes one image below the site's folder and gives its row of ``train.csv``."""
    quality = site.compression.jpeg_quality or _NOTHING_LOST
    _write_jpeg(folder / file(visit), image, quality=quality)
    labels = report(seed, visit, image, site=site)
    sex = "Female" if image.patient.woman else "Male"
    view = "AP" if image.pose.ap else "PA"
    path = f"{NAME}/{file(visit).as_posix()}"
    return ((path, sex, round(image.patient.age_years), "Frontal", view, *(labels.get(name) for name in LABELS)),)


def report(seed: int, visit: Visit, image: Image, *, site: SyntheticSite) -> dict[str, Cell]:
    """What the report says: 1, 0 or -1 (uncertain) by CheXpert's names; None is not mentioned.

    It states what most of the site's readers see, hedges where they are split, and is silent about what is not there.
    """
    readings = read(seed, visit, image.findings, site=site)
    seen = np.zeros(len(FINDINGS), dtype=int)
    for reading in readings:
        seen[[mark.class_index for mark in reading]] += 1
    draws = stream(seed, visit.patient, visit.image, purpose="report")
    hedged, silent = draws.random((2, len(FINDINGS)))
    values: list[Cell] = [
        _stated(int(count), hedges=bool(hedge < site.uncertain.share))
        for count, hedge in zip(seen, hedged, strict=True)
    ]
    values[NO_FINDING] = _NEGATIVE if any(values[1:]) else _POSITIVE
    said = [
        None if value == _NEGATIVE and lot < site.blank.share else value
        for value, lot in zip(values, silent, strict=True)
    ]
    labels = dict(zip(SIX, said, strict=True))
    return labels | {_DEVICES: _POSITIVE if image.devices else None}


def _stated(count: int, *, hedges: bool) -> float:
    if hedges and 0 < count < READERS:
        return _UNCERTAIN
    return _POSITIVE if 2 * count > READERS else _NEGATIVE


def _write_jpeg(path: Path, image: Image, *, quality: int) -> None:
    pixels = np.round(image.gray * 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.tobytes())
