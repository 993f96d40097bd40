"""The vocabulary of findings: the names of each, and the classes that a run has unless told otherwise."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

FINDINGS = ("No Finding", "Cardiomegaly", "Nodule/Mass", "Lung Opacity", "Pleural Effusion", "Consolidation")
"""The paper's six."""

NO_FINDING = 0

NO_FINDING_NAME = FINDINGS[NO_FINDING]

MOST_CLASSES = 30
"""How many classes a run has at most."""

VOCABULARY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "No Finding": ("normal", "no abnormality", "no findings", "healthy"),
        "Cardiomegaly": ("enlarged heart", "enlarged cardiac silhouette"),
        "Nodule/Mass": ("nodule or mass", "nodule mass"),
        "Lung Opacity": ("opacity", "airspace opacity", "pulmonary opacity", "lung opacities"),
        "Pleural Effusion": ("effusion", "pleural fluid"),
        "Consolidation": ("airspace consolidation", "pulmonary consolidation"),
        "Aortic Enlargement": ("enlarged aorta", "aortic dilatation"),
        "Atelectasis": ("collapse", "lung collapse"),
        "Calcification": (),
        "Clavicle Fracture": (),
        "COPD": ("chronic obstructive pulmonary disease",),
        "Edema": ("oedema", "pulmonary edema", "pulmonary oedema", "lung edema"),
        "Emphysema": ("pulmonary emphysema",),
        "Enlarged Cardiomediastinum": ("widened mediastinum", "enlarged cardiomediastinal silhouette"),
        "Enlarged PA": ("enlarged pulmonary artery",),
        "Fibrosis": ("pulmonary fibrosis", "lung fibrosis"),
        "Fracture": ("bone fracture", "fractures"),
        "Hernia": ("hiatal hernia", "hiatus hernia", "diaphragmatic hernia"),
        "ILD": ("interstitial lung disease",),
        "Infiltration": ("infiltrate", "infiltrates"),
        "Lung Cavity": ("cavity",),
        "Lung Cyst": ("cyst",),
        "Lung Lesion": ("lesion", "pulmonary lesion"),
        "Lung Tumor": ("lung tumour", "tumor", "tumour"),
        "Mass": ("lung mass", "pulmonary mass"),
        "Mediastinal Shift": (),
        "Nodule": ("lung nodule", "pulmonary nodule", "nodules"),
        "Other Lesion": (),
        "Pleural Other": ("other pleural",),
        "Pleural Thickening": (),
        "Pneumonia": ("lung infection",),
        "Pneumothorax": ("ptx",),
        "Rib Fracture": ("rib fractures",),
        "Support Devices": ("support device", "devices", "lines and tubes"),
        "Tuberculosis": ("tb",),
    }
)
"""From the name of a finding to its other names. It holds those of CheXpert, VinBigData, NIH and torchxrayvision; where
one of them calls a finding otherwise (Effusion, Pleural_Thickening), that is another name or another spelling."""


def spelling(name: str) -> str:
    """A name as it is compared: letters of one case, with single spaces between words.

    >>> spelling(" Pleural_Effusion"), spelling("Nodule / Mass")
    ('pleural effusion', 'nodule/mass')
    """
    words = unicodedata.normalize("NFKC", name).casefold().replace("_", " ").replace("-", " ").split()
    return " ".join(words).replace(" / ", "/")


_BY_SPELLING: Mapping[str, str] = MappingProxyType(
    {spelling(name): finding for finding, others in VOCABULARY.items() for name in (finding, *others)}
)


def canonical(name: str) -> str | None:
    """What the vocabulary calls a finding, by any of its names in any spelling; None if it does not know it.

    >>> canonical("Effusion"), canonical("pleural_effusion"), canonical("Kerley lines")
    ('Pleural Effusion', 'Pleural Effusion', None)
    """
    return _BY_SPELLING.get(spelling(name))


def same(name: str, other: str) -> bool:
    """Whether two names are one finding's, known to the vocabulary or not."""
    first, second = (canonical(each) or spelling(each) for each in (name, other))
    return first == second


def named(typed: Iterable[str]) -> tuple[str, ...]:
    """Findings by the names that a run gives them: the vocabulary's, or as typed.

    >>> named(["effusion", "Kerley lines"])
    ('Pleural Effusion', 'Kerley lines')
    """
    return tuple(canonical(name) or " ".join(name.split()) for name in typed)


def no_finding(classes: Sequence[str]) -> int | None:
    """Which of a run's classes says that there is nothing; None if none of them does.

    Args:
        classes: What they are called.

    >>> no_finding(["Edema", "No Finding"])
    1
    """
    return classes.index(NO_FINDING_NAME) if NO_FINDING_NAME in classes else None
