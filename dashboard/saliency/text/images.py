"""Sampled images in words."""

from dashboard.notation import percent, probability
from dashboard.results.sampled_images import SampledImage, Sort
from dashboard.results.side import Side

_SORTS: dict[Sort, str] = {
    "inside": "✓ peak in a reader's box",
    "outside": "✕ peak outside all boxes",
    "recognized": "✓ recognized",
    "missed": "✕ missed",
    "false_alarm": "✕ false alarm",
}


def at(finding: str, side: Side) -> str:
    """``Nodule/Mass, external``. Plain text."""
    return f"{finding}, {side}"


def sort(of: Sort, *, finding: str) -> str:
    """Why an image is shown, as the heading of its row. Plain text."""
    return f"{_SORTS[of]} for {finding}" if of == "false_alarm" else _SORTS[of]


def tile(image: SampledImage, *, finding: str, side: Side) -> str:
    """A drawn image in a sentence, in plain text."""
    where = at(finding, side)
    told: dict[Sort, str] = {
        "inside": f"{where}: the peak lies in the boxes of {percent(image.readers)} of its readers.",
        "outside": f"{where}: the peak lies outside all boxes.",
        "recognized": f"{where}: recognized.",
        "missed": f"{where}: missed.",
        "false_alarm": f"{at('Another class', side)}: taken for {finding}.",
    }
    if image.predicted is None:
        alarm = f"{where}: flagged, and absent."
        said = alarm if image.sort == "false_alarm" else told[image.sort]
        return f"{said} {finding} got {probability(image.share)}."
    return f"{told[image.sort]} The model says {image.predicted}; {finding} got {probability(image.share)}."
