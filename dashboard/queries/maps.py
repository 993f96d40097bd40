"""Saliency maps of single images."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard.queries.pictures import by_dataset
from dashboard.queries.predictions import Key
from dashboard.queries.runs import RunKey, columns
from dashboard.words import FINDINGS

DEFAULT_METHOD = "cam"
"""The class activation maps that every prediction brings."""

_COLUMNS = ("image_id", "height", "width", "maps", "scale")

_MAPS = """
    SELECT image_id, height, width, maps, scale FROM saliency
    WHERE model_id = $model AND dataset = $dataset AND method = $method AND image_id IN (SELECT unnest($images))
"""


@dataclass(frozen=True, kw_only=True)
class Maps:
    """The six maps of one model for one image.

    Attributes:
        height: Rows of a map.
        width: Columns of a map.
        values: 6 x height x width bytes, each map scaled to its own maximum.
        scale: What 255 stands for in each.
    """

    height: int
    width: int
    values: bytes
    scale: tuple[float, ...]

    def of(self, finding: int) -> bytes:
        """The map of one class, height x width bytes."""
        size = self.height * self.width
        return self.values[finding * size : (finding + 1) * size]

    def strength(self, finding: int) -> float:
        """What the maximum of a class's map is worth beside the strongest of the six, in [0, 1]."""
        strongest = max(self.scale)
        return self.scale[finding] / strongest if strongest > 0 else 0.0


@st.cache_data(max_entries=256, show_spinner=False)
def maps(run: RunKey, *, model: str, keys: tuple[Key, ...], method: str = DEFAULT_METHOD) -> Mapping[Key, Maps]:
    """The maps of these images; one without maps has no entry."""
    found: dict[Key, Maps] = {}
    for dataset, images in by_dataset(keys).items():
        parameters = {"model": model, "dataset": dataset, "method": method, "images": images}
        rows = columns(run, _MAPS, parameters)
        for image, height, width, values, scale in zip(*(rows[name].tolist() for name in _COLUMNS), strict=True):
            of = Maps(height=height, width=width, values=bytes(values), scale=tuple(map(float, scale)))
            if len(of.values) == len(FINDINGS) * height * width:
                found[dataset, image] = of
    return found
