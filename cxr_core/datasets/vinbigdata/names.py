"""VinBigData's own names, and how well they mean the classes of a run."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from cxr_core.datasets.matching import Judged, match
from cxr_core.manifest import NameMatch

NOTHING_FOUND = "No finding"

KAGGLE_FINDINGS = (
    "Aortic enlargement",
    "Atelectasis",
    "Calcification",
    "Cardiomegaly",
    "Consolidation",
    "ILD",
    "Infiltration",
    "Lung Opacity",
    "Nodule/Mass",
    "Other lesion",
    "Pleural effusion",
    "Pleural thickening",
    "Pneumothorax",
    "Pulmonary fibrosis",
    NOTHING_FOUND,
)
"""The names in the competition's table, in the order of its ``class_id``."""

PHYSIONET_FINDINGS = (
    *KAGGLE_FINDINGS[:-1],
    "Clavicle fracture",
    "Edema",
    "Emphysema",
    "Enlarged PA",
    "Lung cavity",
    "Lung cyst",
    "Mediastinal shift",
    "Rib fracture",
    "COPD",
    "Lung tumor",
    "Pneumonia",
    "Tuberculosis",
    "Other disease",
    "Other diseases",
    NOTHING_FOUND,
)
"""The names in the full release: 22 local findings, 6 diagnoses. Its two tables spell "Other disease" differently."""

_JUDGED: Mapping[tuple[str, str], Judged] = MappingProxyType(
    {
        (NOTHING_FOUND, "No Finding"): (
            "exact",
            "The class follows this dataset: a reader marked none of its findings, and all its readers agree.",
        ),
        ("Cardiomegaly", "Cardiomegaly"): ("exact", "Both sites name an enlarged heart."),
        ("Nodule/Mass", "Nodule/Mass"): ("exact", "The class follows this dataset: a rounded opacity of any size."),
        ("Lung Opacity", "Lung Opacity"): (
            "exact",
            "The class follows this dataset: an opacity that is none of its more specific findings.",
        ),
        ("Pleural effusion", "Pleural Effusion"): ("exact", "Both sites name fluid in the pleural space."),
        ("Consolidation", "Consolidation"): ("exact", "Both sites name airspace filled with fluid or tissue."),
    }
)

SIX = tuple(name for name, _ in _JUDGED)
"""The columns that every published table has."""


def names(own: Sequence[str], *, classes: Sequence[str]) -> tuple[NameMatch, ...]:
    """Which of the findings of a table mean which of a run's classes.

    Args:
        own: The findings that the table can hold.
        classes: What the classes are called.
    """
    return match(own, classes=classes, judged=_JUDGED)
