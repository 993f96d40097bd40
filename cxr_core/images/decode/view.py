"""From how a header says a chest was seen to the four views that a run tells apart."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from pydicom.dataset import Dataset

View = Literal["PA", "AP", "frontal", "lateral"]

ELEMENTS = ("ViewPosition", "ViewCodeSequence", "PatientOrientation")
"""What the view is read from."""

_CODES: dict[str, View] = {
    **dict.fromkeys(("272479007", "R-40888", "R-10214"), "PA"),
    **dict.fromkeys(("399348003", "R-10206"), "AP"),
    **dict.fromkeys(("399033003", "R-10202"), "frontal"),
    **dict.fromkeys(("399067008", "R-102CD", "399173006", "R-10236", "399198007", "R-10232"), "lateral"),
    **dict.fromkeys(("399352003", "R-10228", "399260004", "R-10224", "30730003", "G-A145"), "lateral"),
}
_OBLIQUE: dict[str, View] = dict.fromkeys(
    (
        "399182000", "R-102C1", "399184004", "R-10238", "399236003", "R-10234", "399135007", "R-10220", "399356000",
        "R-40985", "399006002", "R-10212", "399038007", "R-10210", "399312000", "R-10208", "399059000", "R-10216",
        "399160007", "R-10204", "260427002", "R-40783", "260426006", "R-40782", "399099002", "R-10230", "399368009",
        "R-10226",
    ),
    "lateral",
)  # fmt: skip
_WORDS: dict[str, View] = {
    **dict.fromkeys(("LL", "RL", "LAT", "LLAT", "RLAT", "LATL", "LATR", "LATERAL", "SAGITTAL"), "lateral"),
    **dict.fromkeys(("LLO", "RLO", "LAO", "RAO", "LPO", "RPO", "OBL", "OBLIQUE"), "lateral"),
    **dict.fromkeys(("PA", "POSTEROANTERIOR"), "PA"),
    **dict.fromkeys(("AP", "ANTEROPOSTERIOR"), "AP"),
    **dict.fromkeys(("LLD", "RLD", "DECUBITUS", "FRONTAL"), "frontal"),
}
_ORIENTATIONS: dict[str, View] = {"A": "lateral", "P": "lateral", "L": "frontal", "R": "frontal"}


def read(dataset: Dataset) -> tuple[View | None, bool]:
    """The view of a chest, and whether the header names one that is not known here.

    An oblique view counts as lateral: it is no frontal. A decubitus view is a frontal of a patient who lies on a side.
    Where position and code differ and one is lateral, it is: what is no frontal must not be taken for one.

    Args:
        dataset: With those of `ELEMENTS` that the file has.

    Returns:
        ``PA``, ``AP``, ``frontal`` (which one is not recorded), ``lateral``, or None where nothing known is said; then
        True where something unknown is.

    Source:
        DICOM PS3.3, C.8.1.1 and C.8.11.5 (View Position), C.7.6.1.1.1 (Patient Orientation); PS3.16, CID 4010, in
        SNOMED CT and in the older SNOMED RT.
    """
    items = dataset.get("ViewCodeSequence") or ()
    codes = [str(item.get("CodeValue") or "").strip() for item in items]
    meanings = [str(item.get("CodeMeaning") or "") for item in items]
    said = [str(dataset.get("ViewPosition") or ""), *meanings]
    found = [(_CODES | _OBLIQUE).get(code) for code in codes] + [_worded(text) for text in said]
    if any(found):
        return _agreed(found), False
    is_named = any(text.strip() for text in (*codes, *said))
    return (None, True) if is_named else (_turned(dataset), False)


def _worded(text: str) -> View | None:
    """The view that words such as ``L LATERAL``, ``P.A.`` or ``antero-posterior`` name."""
    words = re.findall(r"[A-Z]+", re.sub(r"[.\-_]", "", text.upper()))
    if "DECUBITUS" in words:
        return "frontal"
    return _agreed(_WORDS.get(word) for word in words)


def _agreed(found: Iterable[View | None]) -> View | None:
    """Lateral if any says so; else the one frontal view that is named, or frontal where two are."""
    known = set(found) - {None}
    if "lateral" in known:
        return "lateral"
    exact = known - {"frontal"}
    return exact.pop() if len(exact) == 1 else "frontal" if known else None


def _turned(dataset: Dataset) -> View | None:
    """Of a standing chest: whether the rows run from side to side, or from front to back."""
    directions = dataset.get("PatientOrientation")
    if not isinstance(directions, Sequence) or isinstance(directions, str) or len(directions) != 2:
        return None
    row, column = (str(direction).strip().upper() for direction in directions)
    return _ORIENTATIONS.get(row) if column in {"F", "H"} else None
