"""The list of cases in words, and the words under an image."""

from dashboard import words
from dashboard.cases.data import Loosened
from dashboard.notation import counted, told_of
from dashboard.results.case_filter import ATTRIBUTE

NO_TEST = "No image of this run has an answer and a single class under these label policies, so there is no list."

NO_FINDING_TEST = "No finding is both labelled and predicted in a test of this run, so there is no list."

FILTERS = {
    "true": "true class",
    "as": "predicted class",
    "got": "answer",
    "conf": "confidence",
    "members": "members",
    "view": "view",
    "sex": "sex",
    "age": "age",
    "id": "image or patient id",
    "outcome": "outcome",
}
"""From a filter's key in the address to its name on the page."""

ID_HELP = (
    "As pages and downloads have it, whole. Ids of a table of one's own are pseudonyms: `{lookup}` gives the site's "
    "own name, on the machine that keeps it."
)

NO_LIST = "There is no list: the address asks for what is not here."


def filter_name(key: str) -> str:
    """What a filter is about, from its key in the address; Markdown, since an attribute has any name."""
    return FILTERS[key] if key in FILTERS else words.plain(key.removeprefix(ATTRIBUTE))


def told(key: str, code: str) -> str:
    """A view, a sex or a band of ages, plain text."""
    return {"view": words.view, "sex": words.sex}.get(key, words.stratum)(code if key != "age" else f"age={code}")


def option(label: str, images: int) -> str:
    """``frontal AP (1,204)``: an option, and how many images it would leave, plain text."""
    return f"{label} ({images:,})"


def elsewhere(images: int, *, is_image: bool, noun: str = "image") -> str:
    """What the run holds under an id whose images are in no list like this one."""
    if is_image:
        return f"The run holds this {noun} outside of this list."
    return f"The run holds {counted(images, noun)} of this patient, none of them in this list."


def nothing(best: Loosened | None, *, noun: str = "image") -> str:
    """What to do where no image passes a filter."""
    if best is None:
        return f"No {noun} passes these filters, nor all but one of them."
    one = "there is 1" if best.cases == 1 else f"there are {best.cases:,}"
    name = told_of(noun, filter_name(best.key)) if best.key in FILTERS else filter_name(best.key)
    return f"No {noun} passes all of these filters. Set **{name}** to any, and {one}."
