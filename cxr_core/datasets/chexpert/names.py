"""CheXpert's own names, and how well they mean the classes of a run."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from cxr_core.datasets.matching import Judged, match
from cxr_core.manifest import NameMatch

LABELS = (
    "No Finding",
    "Enlarged Cardiomediastinum",
    "Cardiomegaly",
    "Lung Opacity",
    "Lung Lesion",
    "Edema",
    "Consolidation",
    "Pneumonia",
    "Atelectasis",
    "Pneumothorax",
    "Pleural Effusion",
    "Pleural Other",
    "Fracture",
    "Support Devices",
)
"""The 14 label columns in the order of the published tables."""

_JUDGED: Mapping[tuple[str, str], Judged] = MappingProxyType(
    {
        ("No Finding", "No Finding"): (
            "weak",
            "It means that the report names no disease; 43.7 % of the published frontal ones show support devices.",
        ),
        ("Cardiomegaly", "Cardiomegaly"): ("exact", "Both sites name an enlarged heart."),
        ("Lung Lesion", "Nodule/Mass"): (
            "weak",
            "Any focal lesion counts here, cavities and cysts too, and small nodules often go unmentioned in a report.",
        ),
        ("Lung Opacity", "Lung Opacity"): (
            "close",
            "An umbrella here: it is set for oedema, consolidation, pneumonia, atelectasis and lesions as well.",
        ),
        ("Pleural Effusion", "Pleural Effusion"): ("exact", "Both sites name fluid in the pleural space."),
        ("Consolidation", "Consolidation"): ("exact", "Both sites name airspace filled with fluid or tissue."),
    }
)

SIX = tuple(name for name, _ in _JUDGED)
"""The columns that every published table has."""


def names(classes: Sequence[str]) -> tuple[NameMatch, ...]:
    """Which of the labels mean which of a run's classes.

    Args:
        classes: What they are called.
    """
    return match(LABELS, classes=classes, judged=_JUDGED)
