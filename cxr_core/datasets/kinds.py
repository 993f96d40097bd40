"""Kinds of cells, in words that a message may repeat where the cell itself may name a patient."""

import re

from cxr_core.attributes import SAYS_NOTHING

NOTHING = "a word that stands for nothing, such as nan, NULL or N/A"
SHEET_ERROR = "a spreadsheet's error value, such as #N/A or #REF!"
SCIENTIFIC = "a number in scientific notation, of which a spreadsheet has cut off digits"
POINT_ZERO = "a whole number with .0 behind it"

_FORMS = {
    SHEET_ERROR: r"#(?:n/?a|ref!|value!|name\?|div/0!|num!|null!|spill!|calc!|field!|getting_data|#+)",
    SCIENTIFIC: r"[+-]?\d+(?:[.,]\d+)?e[+-]\d+",
    POINT_ZERO: r"\d+[.,]0+",
    "a date": r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(?:19|20)\d\d[01]\d[0-3]\d)"
    r"(?:[t ].*)?|\d{1,2}[. -]+[a-z]{3,9}[. -]+\d{2,4}",
    "a number that may be a year": r"(?:18|19|20)\d\d",
    "a percentage": r"[+-]?\d+(?:[.,]\d+)?\s*%",
    "a number with a decimal comma": r"[+-]?\d*,\d+",
    "a number below 0": r"[-\u2212]\d+(?:[.,]\d+)?(?:e[+-]?\d+)?",
    "an infinite number": r"[+-]?inf(?:inity)?",
    "another number": r"\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?",
}
_ANY_FORM = re.compile("|".join(f"({form})" for form in _FORMS.values()), re.ASCII)
"""Of several that a cell has, the first one counts, as where each is sought by itself."""

_NAMES = tuple(_FORMS)


def kind(cell: str) -> str:
    """What a cell is, such as "a date" or "text"; never anything of what it says."""
    word = cell.strip().casefold()
    if not word:
        return "nothing"
    if word in SAYS_NOTHING:
        return NOTHING
    found = _ANY_FORM.fullmatch(word)
    return "text" if found is None or found.lastindex is None else _NAMES[found.lastindex - 1]
