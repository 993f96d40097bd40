"""VinBigData's own names, and how well six of them mean the six classes."""

from cxr_core.findings import FINDINGS
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

_REASONS = {
    NOTHING_FOUND: "The class follows this dataset: a reader marked none of its findings, and all its readers agree.",
    "Cardiomegaly": "Both sites name an enlarged heart.",
    "Nodule/Mass": "The class follows this dataset: a rounded opacity of any size.",
    "Lung Opacity": "The class follows this dataset: an opacity that is none of its more specific findings.",
    "Pleural effusion": "Both sites name fluid in the pleural space.",
    "Consolidation": "Both sites name airspace filled with fluid or tissue.",
}

NAMES = tuple(
    NameMatch(finding=finding, class_index=index, grade="exact", reason=reason)
    for index, (finding, reason) in zip(range(len(FINDINGS)), _REASONS.items(), strict=True)
)
SIX = tuple(match.finding for match in NAMES)
