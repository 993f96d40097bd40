"""Mean maps and readers' boxes in words."""

from collections.abc import Mapping

from dashboard.notation import NOT_ESTIMABLE, counted, percent
from dashboard.results.side import Side
from dashboard.saliency.data.boxes import BoxDensity
from dashboard.saliency.data.groups import Group
from dashboard.saliency.data.mean_maps import MeanMap

GROUPS: dict[Group, str] = {
    "all": "all of the class",
    "recognized": "recognized",
    "missed": "missed",
    "false_alarm": "false alarms",
}
"""Of which images the mean is."""

_HALF = "half as many readers' boxes as at the densest place"


def mean_map(found: MeanMap | None, *, finding: str, side: Side) -> str:
    """A mean map, in plain text."""
    if found is None:
        return f"No {side} {finding} images"
    few = "" if found.is_estimable else f", {NOT_ESTIMABLE}"
    return f"Where the model looks on {counted(found.n, f'{side} {finding} image')}, on average{few}"


def mean_of(mean_map: MeanMap | None) -> str:
    """What a mean map rests on, in few enough words to stay on one line: ``mean of 77 maps``."""
    if mean_map is None:
        return ""
    maps = f"mean of {counted(mean_map.n, 'map')}"
    if not mean_map.is_estimable:
        return f"{maps}: {NOT_ESTIMABLE}"
    if mean_map.image is None:
        return f"{maps}; no image, too few"
    return f"{maps}, {counted(mean_map.n_image, 'image')}" if mean_map.n_image != mean_map.n else maps


def legend(found: MeanMap | None, marked: BoxDensity | None) -> str:
    """What lies over a mean image, where the picture stands alone. Plain text."""
    lines = "lines: 50 and 80 % of the peak" if found is not None and found.is_estimable else ""
    dashed = "" if marked is None else f"dashed: {_HALF} ({_densest(marked)})"
    return "; ".join(filter(None, (mean_of(found), lines, dashed)))


def boxes(found: Mapping[Side, BoxDensity | None]) -> str:
    """What the dashed line is; empty where there is none. Plain text."""
    densest = [f"{side}: {_densest(each)}" for side, each in found.items() if each is not None]
    return f"{_HALF} ({'; '.join(densest)})" if densest else ""


def _densest(marked: BoxDensity) -> str:
    return f"{percent(marked.most)} of {marked.n:,}"
