"""The names of a table's further columns: those that hold what no run may keep, and those that may be shown."""

import re
from collections.abc import Sequence

from cxr_core.attributes import identifying
from cxr_core.datasets.tables import Table
from cxr_core.findings import canonical

_LONGEST = 40
_MOST_WORDS = 4
_MOST_SHOWN = 20
_SHAPE = re.compile(r"[^\W\d_]+(?:[ _.-]?[^\W_]+)*")

_A_PERSON = "names or numbers that tell of a person"
_A_DATE = "dates"
_A_CONTACT = "where somebody lives or is reached"
_A_TEXT = "free text"
_A_FILE = "files"
_WORDS = {
    **dict.fromkeys(("patient", "patients", "subject", "person", "mrn", "pid", "ssn", "nhs", "accession"), _A_PERSON),
    **dict.fromkeys(("insurance", "passport", "physician", "doctor", "radiologist", "referrer", "operator"), _A_PERSON),
    **dict.fromkeys(("technician", "technologist", "author", "uid", "uuid", "guid", "initials"), _A_PERSON),
    **dict.fromkeys(("dates", "timestamp", "dob", "born", "yob", "day", "month"), _A_DATE),
    **dict.fromkeys(("address", "street", "zip", "zipcode", "postal", "postcode", "city", "town", "plz"), _A_CONTACT),
    **dict.fromkeys(("phone", "telephone", "tel", "mobile", "fax", "email", "mail"), _A_CONTACT),
    **dict.fromkeys(("comments", "note", "notes", "report", "reports", "text", "impression", "history"), _A_TEXT),
    **dict.fromkeys(("indication", "narrative", "anamnesis"), _A_TEXT),
    **dict.fromkeys(("file", "filename", "path", "url", "uri", "hash"), _A_FILE),
}
_STEMS = {
    **dict.fromkeys(("patient", "accession", "surname", "firstname", "lastname", "forename", "fullname"), _A_PERSON),
    **dict.fromkeys(("birth", "geburt", "datum"), _A_DATE),
    **dict.fromkeys(("comment", "remark", "befund"), _A_TEXT),
    "adress": _A_CONTACT,
}
_HARMLESS = ("inpatient", "outpatient", "update", "candidate", "exudate", "transudate")
_NEGATION = "no"
"""Before another word it says that there is none of it; behind one it is short for number."""

_OF_ONE_OF_MANY = ("name", "names", "id", "ids", "identifier", "number", "no", "serial")
_THINGS = (
    *("manufacturer", "maker", "vendor", "model", "device", "scanner", "detector", "machine", "equipment", "station"),
    *("ward", "department", "site", "hospital", "institution", "clinic", "unit", "room", "protocol", "software"),
)
"""A name or an id of one of these is that of many patients."""


def held(name: str) -> str | None:
    """What a column holds that no run may keep, to judge by its name; None if nothing is against it.

    Args:
        name: In lower case.

    >>> held("patient no"), held("no finding"), held("no acute disease")
    ('names or numbers that tell of a person', None, None)
    """
    if canonical(name) is not None:
        return None
    words = [word for word in re.findall(r"[^\W\d_]+", name) if word not in _HARMLESS]
    for word in words:
        stem = next((what for stem, what in _STEMS.items() if stem in word), None)
        is_date = word.startswith("date") or word.endswith("date")
        if (what := _WORDS.get(word) or stem or (_A_DATE if is_date else None)) is not None:
            return what
    words = words[1:] if words[:1] == [_NEGATION] and len(words) > 1 else words
    names_one = any(word in _OF_ONE_OF_MANY or word.endswith("name") for word in words)
    is_of_a_thing = any(thing in word for word in words for thing in _THINGS)
    return _A_PERSON if names_one and not is_of_a_thing else None


def note(table: Table, names: Sequence[str]) -> tuple[str, ...]:
    """That columns were not taken, which, and how to take one; nothing where there are none.

    The first row of a table may be none of names, or names of patients: what is not shaped like the name of a column,
    or stands in a cell too, is counted and not shown.
    """
    if not names:
        return ()
    cells = _cells(table)
    shown = [name for name in names if _is_a_name(name) and not set(name.split()) & cells and name not in cells]
    hidden = len(names) - len(shown[:_MOST_SHOWN])
    listed = ", ".join(shown[:_MOST_SHOWN]) or "none that can be shown"
    others = f", and {hidden} more" if hidden and shown else f" ({hidden})" if hidden else ""
    said = f"Columns that were not taken: {listed}{others}. --attribute NAME takes one as an attribute of its images, "
    return (said + "if it holds no identifier, no date and no free text.",)


def _is_a_name(name: str) -> bool:
    is_short = len(name) <= _LONGEST and len(re.findall(r"[^\W_]+", name)) <= _MOST_WORDS
    return is_short and _SHAPE.fullmatch(name) is not None and identifying(name) is None


def _cells(table: Table) -> set[str]:
    """What stands in the cells, and of paths every part."""
    found = {str(cell).strip().lower() for column in table.cells for cell in table.cells[column].unique()}
    paths = [cell.split("/") for cell in found if "/" in cell or "." in cell]
    return found | {part for path in paths for part in (*path, path[-1].rpartition(".")[0])}
