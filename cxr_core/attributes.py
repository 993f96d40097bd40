"""The value of an attribute, what a site knows of an image beside its findings: its one spelling, and what is none."""

import re
import unicodedata

LONGEST = 64
"""Characters of a value: as many as DICOM gives a name (PS3.5, 6.2, LO)."""

MOST_WORDS = 8
"""More of them are a sentence."""

SAYS_NOTHING = frozenset(
    {
        *("nan", "na", "n/a", "n\\a", "n.a.", "<na>", "nat", "null", "(null)", "nil", "none", "-", "--", "?", "."),
        *("unknown", "undefined", "missing", "anonymous", "anonymised", "anonymized"),
    }
)
"""What programs and people write where there is nothing to say, in lower case."""

_YEAR = r"(?:18|19|20|21)\d\d"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_NAME = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|apr(?:il)?|ma[iy]|jun[ei]?|jul[yi]?|aug(?:ust)?|"
    r"sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\.?(?![^\W\d_])"
)
_DATES = (
    rf"(?<![\d.]){_YEAR}(?P<a>[./-]){_MONTH}(?:(?P=a){_DAY})?(?!\d)",
    rf"(?<![\d.]){_DAY}(?P<b>[./-]){_DAY}(?P=b)(?:{_YEAR}|\d\d)(?!\d)",
    rf"(?<![\d./-]){_MONTH}[./-]{_YEAR}(?!\d)",
    rf"(?<!\w){_MONTH_NAME}[ ,-]*(?:{_DAY}[ ,-]+)?{_YEAR}(?!\d)",
    rf"(?<!\d){_DAY}[. -]*{_MONTH_NAME}[ ,-]*(?:\d\d|{_YEAR})(?!\d)",
)
_FORMS = {
    "a date": re.compile("|".join(_DATES)),
    "a time of day": re.compile(r"(?<!\d)[0-2]?\d:[0-5]\d(?!\d)"),
    "an e-mail or web address": re.compile(r"@|://|\bwww\."),
    "a name in parts, as DICOM writes a person's": re.compile(r"[\^=]"),
    "a long number": re.compile(r"\d{5}|(?:\d\D*){8}"),
}


def normalized(text: str) -> str:
    """A text in one spelling: letters composed, one space between words, nothing that shows nothing.

    Returns:
        The text; ``""`` where it is blank, or says in words that nothing is recorded.
    """
    words = " ".join(text.split())
    seen = "".join(letter for letter in words if not unicodedata.category(letter).startswith("C"))
    value = unicodedata.normalize("NFC", " ".join(seen.split()))
    return "" if value.casefold() in SAYS_NOTHING else value


def identifying(value: str) -> str | None:
    """What a value looks like that may tell of a person, or of one thing alone, in words that repeat nothing of it.

    A name without any such form passes: who keeps values must see to it that no single patient has one alone.

    Args:
        value: As `normalized` gives it.

    Returns:
        Such as ``a date`` or ``a long number`` (five digits in a row, or eight in all: serial numbers, record numbers,
        telephone numbers); None where nothing is to be seen.
    """
    if len(value) > LONGEST or len(value.split(" ")) > MOST_WORDS:
        return "free text"
    text = value.casefold()
    return next((name for name, form in _FORMS.items() if form.search(text)), None)
