"""CheXpert's own names, and how well six of them mean the six classes."""

from cxr_core.findings import FINDINGS
from cxr_core.manifest import Grade, NameMatch

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

_MATCHES: tuple[tuple[str, Grade, str], ...] = (
    (
        "No Finding",
        "weak",
        "It means that the report names no disease; 43.7 % of the published frontal ones show support devices.",
    ),
    ("Cardiomegaly", "exact", "Both sites name an enlarged heart."),
    (
        "Lung Lesion",
        "weak",
        "Any focal lesion counts here, cavities and cysts too, and small nodules often go unmentioned in a report.",
    ),
    (
        "Lung Opacity",
        "close",
        "An umbrella here: it is set for oedema, consolidation, pneumonia, atelectasis and lesions as well.",
    ),
    ("Pleural Effusion", "exact", "Both sites name fluid in the pleural space."),
    ("Consolidation", "exact", "Both sites name airspace filled with fluid or tissue."),
)

NAMES = tuple(
    NameMatch(finding=finding, class_index=index, grade=grade, reason=reason)
    for index, (finding, grade, reason) in zip(range(len(FINDINGS)), _MATCHES, strict=True)
)
