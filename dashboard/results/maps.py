"""Saliency maps of single images, and where a map is strongest."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from cxr_core import localization
from cxr_core.errors import StoreError
from cxr_core.store.checked import remedy
from dashboard.results.database import RunKey, columns
from dashboard.results.images import Key
from dashboard.results.pictures import by_dataset

DEFAULT_METHOD = "cam"
"""The class activation maps that every prediction brings."""

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in fractions of the image."""

_DIFFUSE = 1 / 3
"""A map that takes more of the image at half of its maximum has no place to point at; trained networks' do not."""

_COLUMNS = ("image_id", "height", "width", "maps", "scale")

_MAPS = """
    SELECT image_id, height, width, maps, scale FROM saliency
    WHERE model_id = $model AND dataset = $dataset AND method = $method AND image_id IN (SELECT unnest($images))
"""


@dataclass(frozen=True, kw_only=True)
class Peak:
    """Where a map is strongest.

    Attributes:
        x: In fractions of the image, as the hit rate takes it.
        y: The same.
        spread: The share of the image at half of the maximum or more, in (0, 1].
    """

    x: float
    y: float
    spread: float

    @property
    def is_diffuse(self) -> bool:
        """Whether so much of the image is strong that the map points nowhere."""
        return self.spread > _DIFFUSE


@dataclass(frozen=True, kw_only=True)
class ImageMaps:
    """The maps of one model for one image, one a class.

    Attributes:
        height: Rows of a map.
        width: Columns of a map.
        values: k x height x width bytes, each map scaled to its own maximum.
        scale: What 255 stands for in each, k numbers.
    """

    height: int
    width: int
    values: bytes
    scale: tuple[float, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it is known of each map how strong it is."""
        return all(map(math.isfinite, self.scale))

    def of(self, finding: int) -> bytes:
        """The map of one class, height x width bytes."""
        size = self.height * self.width
        return self.values[finding * size : (finding + 1) * size]

    def peak(self, finding: int) -> Peak | None:
        """Where the map of one class is strongest."""
        return peaks(self.of(finding), height=self.height, width=self.width)[0]

    @property
    def peaks(self) -> tuple[Peak | None, ...]:
        """The peak of each class's map."""
        return peaks(self.values, height=self.height, width=self.width)

    def strength(self, finding: int) -> float:
        """What the maximum of a class's map is worth beside the strongest class, in [0, 1]."""
        strongest = max(self.scale)
        return self.scale[finding] / strongest if strongest > 0 else 0.0


@st.cache_data(max_entries=256, show_spinner=False)
def maps(run: RunKey, *, model: str, keys: tuple[Key, ...], method: str = DEFAULT_METHOD) -> Mapping[Key, ImageMaps]:
    """The maps of these images; one without maps has no entry."""
    found: dict[Key, ImageMaps] = {}
    for dataset, images in by_dataset(keys).items():
        parameters = {"model": model, "dataset": dataset, "method": method, "images": images}
        rows = columns(run, _MAPS, parameters)
        for image, height, width, values, scale in zip(*(rows[name].tolist() for name in _COLUMNS), strict=True):
            of = ImageMaps(height=height, width=width, values=bytes(values), scale=scales(scale.tolist()))
            if of.is_whole:
                found[dataset, image] = of
    return found


def peaks(values: bytes, *, height: int, width: int) -> tuple[Peak | None, ...]:
    """The peaks of maps; None of one that is nowhere positive.

    Args:
        values: Any number of maps of ``height * width`` bytes.
        height: Rows of a map.
        width: Columns of a map.
    """
    maps = np.frombuffer(values, np.uint8).reshape(-1, height, width)
    found = zip(localization.peaks(maps).tolist(), localization.spreads(maps).tolist(), strict=True)
    return tuple(None if math.isnan(x) else Peak(x=x, y=y, spread=spread) for (x, y), spread in found)


def stacked(
    run: RunKey, values: Sequence[bytes], *, height: Sequence[int], width: Sequence[int]
) -> npt.NDArray[np.uint8]:
    """Maps or images of one size, shape ``(n, height, width)``.

    Args:
        run: For messages.
        values: Their bytes, n of them, at least one.
        height: What is told of each.
        width: The same.

    Raises:
        StoreError: If they are of another size than told, or of several, as in a results file that no release of this
            program wrote.
    """
    told = set(zip(height, width, strict=True))
    (rows, across), is_one = next(iter(told)), len(told) == 1
    if not is_one or min(rows, across) < 1 or any(len(each) != rows * across for each in values):
        raise StoreError(
            f"The saliency in {run.name} is damaged: its maps are not all of the size that it says. {remedy()}"
        )
    return np.frombuffer(b"".join(values), np.uint8).reshape(-1, rows, across)


def scales(stored: Sequence[float | None]) -> tuple[float, ...]:
    """What 255 stands for in each map; NaN where a file does not say."""
    return tuple(math.nan if scale is None else float(scale) for scale in stored)
