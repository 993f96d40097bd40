"""A task of writing a site: some of its images become files, and rows of its tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cxr_core.phantom.causes import Site
from cxr_core.phantom.drawing import Image, draw
from cxr_core.phantom.layouts import chexpert, vinbigdata
from cxr_core.phantom.layouts.rows import Row, Rows, keep
from cxr_core.phantom.roster import Visit, draw_roster
from cxr_core.phantom.truth import truth_rows

Layout = Literal["vinbigdata", "chexpert"]
_IMAGES_PER_PART = 20


@dataclass(frozen=True, kw_only=True)
class Part:
    """Draw and write these images.

    Attributes:
        layout: In which layout.
        seed: The site's seed.
        site: Its causes.
        visits: Which images.
        folder: That of the site, as published.
        rows: Where their rows go.
    """

    layout: Layout
    seed: int
    site: Site
    visits: tuple[Visit, ...]
    folder: Path
    rows: Path


def perform(part: Part) -> Path:
    """Draws and writes the images of a part; returns the file with their rows."""
    labels: list[Row] = []
    truth: list[Row] = []
    for visit in part.visits:
        image = draw(part.seed, visit, site=part.site)
        name, said = _write(part, visit, image)
        labels += said
        truth += truth_rows(part.layout, name, image)
    keep(Rows(labels=tuple(labels), truth=tuple(truth)), path=part.rows)
    return part.rows


def parts(layout: Layout, *, seed: int, site: Site, images: int, folder: Path, rows: Path) -> Sequence[Part]:
    """A site's images, cut in parts.

    Args:
        layout: In which layout.
        seed: The site's seed.
        site: Its causes.
        images: How many.
        folder: That of the site, as published.
        rows: The folder where the rows of each part go.
    """
    visits = draw_roster(seed, site=site, images=images)
    starts = range(0, images, _IMAGES_PER_PART)
    return [
        Part(
            layout=layout,
            seed=seed,
            site=site,
            visits=visits[start : start + _IMAGES_PER_PART],
            folder=folder,
            rows=rows / f"{layout}_{number:05d}.json",
        )
        for number, start in enumerate(starts)
    ]


def _write(part: Part, visit: Visit, image: Image) -> tuple[str, tuple[Row, ...]]:
    if part.layout == "vinbigdata":
        rows = vinbigdata.write_image(part.seed, visit, image, site=part.site, folder=part.folder)
        return vinbigdata.image_id(part.seed, visit), rows
    rows = chexpert.write_image(part.seed, visit, image, site=part.site, folder=part.folder)
    return chexpert.image_id(visit), rows
