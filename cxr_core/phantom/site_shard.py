"""A task of writing a site: some of its images become files, and rows of its tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cxr_core.phantom.causes import SyntheticSite
from cxr_core.phantom.drawing import Image, draw
from cxr_core.phantom.layouts import chexpert, vinbigdata
from cxr_core.phantom.layouts.rows import Row, Rows, keep
from cxr_core.phantom.roster import Visit, draw_roster
from cxr_core.phantom.truth import truth_rows

Layout = Literal["vinbigdata", "chexpert"]
_IMAGES_PER_PART = 20


@dataclass(frozen=True, kw_only=True)
class SiteShard:
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
    site: SyntheticSite
    visits: tuple[Visit, ...]
    folder: Path
    rows: Path


def perform(shard: SiteShard) -> Path:
    """Draws and writes the images of a part; returns the file with their rows."""
    labels: list[Row] = []
    truth: list[Row] = []
    for visit in shard.visits:
        image = draw(shard.seed, visit, site=shard.site)
        name, said = _write(shard, visit, image)
        labels += said
        truth += truth_rows(shard.layout, name, image)
    keep(Rows(labels=tuple(labels), truth=tuple(truth)), path=shard.rows)
    return shard.rows


def site_shards(
    layout: Layout, *, seed: int, site: SyntheticSite, images: int, folder: Path, rows: Path
) -> Sequence[SiteShard]:
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
        SiteShard(
            layout=layout,
            seed=seed,
            site=site,
            visits=visits[start : start + _IMAGES_PER_PART],
            folder=folder,
            rows=rows / f"{layout}_{number:05d}.json",
        )
        for number, start in enumerate(starts)
    ]


def _write(shard: SiteShard, visit: Visit, image: Image) -> tuple[str, tuple[Row, ...]]:
    if shard.layout == "vinbigdata":
        rows = vinbigdata.write_image(shard.seed, visit, image, site=shard.site, folder=shard.folder)
        return vinbigdata.image_id(shard.seed, visit), rows
    rows = chexpert.write_image(shard.seed, visit, image, site=shard.site, folder=shard.folder)
    return chexpert.image_id(visit), rows
