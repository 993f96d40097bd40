"""Makes the pictures of docs/phantom.md: `python docs/phantom_sheets.py` draws them anew, always the same."""

# A script beside the documents that it draws for, and no package.

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from cxr_core.findings import FINDINGS
from cxr_core.phantom.causes import CAUSES, EXTERNAL, SOURCE, Marker, SyntheticSite, View, sites
from cxr_core.phantom.drawing import Image, draw
from cxr_core.phantom.roster import Visit, draw_findings

Tile = npt.NDArray[np.uint8]

HERE = Path(__file__).parent / "phantom"
SEED = 12
TILE_PX = 220
GAP_PX = 2
STRIP_PX = 24

SHOWN = tuple(
    Visit(patient=patient, image=0, findings=findings) for patient, findings in ((3, (4,)), (21, (5,)), (43, (2,)))
)
"""In the rows of the causes."""

CAPTIONS = {
    "prevalence": "prevalence: other findings in the same patients",
    "view": "view: AP, in bed",
    "patients": "patients: older, heavier",
    "devices": "devices: all kinds at once, to show them",
    "exposure": "exposure: dose and display",
    "scatter": "scatter",
    "sharpness": "sharpness: blur, less processing",
    "compression": "compression: fewer grays, JPEG",
    "marker": "marker: a word in the corner",
}
"""Of the causes that change the picture; the others change labels alone."""


def classes() -> Tile:
    """A row for each class: three patients at the source, the same three at the external site."""
    rows = []
    for index, name in enumerate(FINDINGS):
        visits = [Visit(patient=100 * index + number, image=0, findings=(index,)) for number in range(3)]
        tiles = [_tile(draw(SEED, visit, site=site)) for site in (SOURCE, EXTERNAL) for visit in visits]
        rows.append(_row(tiles, caption=f"{name}: source, and the same patients externally"))
    return np.vstack(rows)


def boxes() -> Tile:
    """A row for each finding with its boxes, four patients at the source."""
    rows = []
    for index in range(1, len(FINDINGS)):
        visits = [Visit(patient=100 * index + number, image=0, findings=(index,)) for number in range(3, 7)]
        tiles = [_tile(draw(SEED, visit, site=SOURCE), boxes=True) for visit in visits]
        rows.append(_row(tiles, caption=FINDINGS[index]))
    return np.vstack(rows)


def causes() -> Tile:
    """A row for each cause in the picture: three patients before and after."""
    rows = []
    for cause, caption in CAPTIONS.items():
        pairs = _moved() if cause == "prevalence" else [(visit, visit) for visit in SHOWN]
        tiles = [
            _tile(draw(SEED, visit, site=site))
            for pair in pairs
            for visit, site in zip(pair, (SOURCE, _shown(cause)), strict=True)
        ]
        rows.append(_row(tiles, caption=f"{caption} (before, after)"))
    return np.vstack(rows)


def _moved() -> list[tuple[Visit, Visit]]:
    """Three patients who have something else under the external prevalence."""
    external = sites(("prevalence",))[1]
    pairs = []
    for patient in range(100):
        before, after = (
            Visit(patient=patient, image=0, findings=draw_findings(SEED, patient, site=site.prevalence))
            for site in (SOURCE, external)
        )
        if before != after and len(after.findings) == 1:
            pairs.append((before, after))
    return pairs[:: len(pairs) // 3][:3]


def _shown(cause: str) -> SyntheticSite:
    """A site with one cause, such that each patient shows it."""
    if cause not in CAUSES:
        raise ValueError(f"There is no cause {cause!r}.")
    site = sites((cause,))[1]
    if cause == "view":
        return replace(site, view=View(ap=1.0))
    if cause == "devices":
        return replace(site, devices=replace(site.devices, in_health=2.0, in_disease=2.0))
    if cause == "marker":
        return replace(site, marker=Marker(anyway=1.0, with_cardiomegaly=0.0))
    return site


def _tile(image: Image, *, boxes: bool = False) -> Tile:
    picture = np.repeat(np.round(image.gray * 255).astype(np.uint8)[..., np.newaxis], 3, axis=2)
    picture = np.asarray(cv2.resize(picture, (TILE_PX, TILE_PX), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    scale = TILE_PX / image.gray.shape[0]
    for finding in image.findings if boxes else ():
        for box in finding.boxes:
            start, end = ((round(x * scale), round(y * scale)) for x, y in ((box.x0, box.y0), (box.x1, box.y1)))
            cv2.rectangle(picture, start, end, (80, 200, 255), 1, cv2.LINE_AA)
    return picture


def _row(tiles: Sequence[Tile], *, caption: str) -> Tile:
    framed = [cv2.copyMakeBorder(tile, 0, GAP_PX, 0, GAP_PX, cv2.BORDER_CONSTANT, value=(255,) * 3) for tile in tiles]
    row = np.hstack(framed)
    strip = np.full((STRIP_PX, row.shape[1], 3), 255, np.uint8)
    cv2.putText(strip, caption, (4, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (30, 30, 30), 1, cv2.LINE_AA)
    return np.vstack([strip, row])


def main() -> None:
    """Draws the pictures."""
    parser = argparse.ArgumentParser(description="Draw the pictures of docs/phantom.md.")
    parser.add_argument("--to", type=Path, default=HERE, help="the folder of the pictures")
    to = parser.parse_args().to
    to.mkdir(parents=True, exist_ok=True)
    for make in (classes, boxes, causes):
        file = to / f"{make.__name__}.jpg"
        cv2.imwrite(str(file), make(), [cv2.IMWRITE_JPEG_QUALITY, 80])
        print(file, f"{file.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
