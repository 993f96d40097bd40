"""The list of cases in words, and the words under an image."""

from collections.abc import Sequence

from dashboard import words
from dashboard.cases.data import Loosened
from dashboard.notation import counted, percent
from dashboard.results.case_filter import ATTRIBUTE, CaseFilter
from dashboard.results.case_list import CaseCounts
from dashboard.results.side import Side

SURE = (90, 100)
"""Percents from which on a model is said to be sure."""

NO_TEST = "No image of this run has an answer and a single class under these label policies, so there is no list."

FILTERS = {
    "true": "true class",
    "as": "predicted",
    "got": "right or wrong",
    "conf": "confidence",
    "members": "members",
    "view": "view",
    "sex": "sex",
    "age": "age",
}
"""From a filter's key in the address to its name on the page."""

_TESTS: dict[Side, str] = {Side.INTERNAL: "internal test", Side.EXTERNAL: "external test"}
_IMAGES: dict[Side, str] = {Side.INTERNAL: "internal", Side.EXTERNAL: "external"}
_SHORT = {"Lung Opacity": "Opacity", "Pleural Effusion": "Effusion"}


def filter_name(key: str) -> str:
    """What a filter is about, from its key in the address; Markdown, since an attribute has any name."""
    return FILTERS[key] if key in FILTERS else words.plain(key.removeprefix(ATTRIBUTE))


def picture(wanted: CaseFilter) -> str:
    """What a picture of a list shows, plain text: ``Images, true class Cardiomegaly, right or wrong wrong``."""
    asked = {key: value for key, value in wanted.address().items() if value and key != "at"}
    said = (f"{FILTERS.get(key, key.removeprefix(ATTRIBUTE))}: {value}" for key, value in asked.items())
    return "; ".join(("Images", *said))


def answer(everything: CaseCounts, *, sure: CaseCounts, side: Side) -> str:
    """How many images of a test went wrong, and on how many of those the model was sure.

    Args:
        everything: The whole test.
        sure: Its part where the model gave at least `SURE` to its answer.
        side: Which test.
    """
    images = f"{everything.test:,} {_IMAGES[side]} {'image' if everything.test == 1 else 'images'}"
    if not everything.wrong:
        return f"Right on all {images}."
    number = f"**{sure.wrong:,}**" if sure.wrong else "none"
    return f"Wrong on **{everything.wrong:,}** of {images}; on {number} of them it was at least {SURE[0]} % sure."


def held(counts: CaseCounts, *, side: Side) -> str:
    """``412 images, 1.4 % of the external test, 300 wrong``; a filter that holds some images."""
    images = f"**{counted(counts.cases, 'image')}**"
    share = "all" if counts.cases == counts.test else percent(counts.cases / counts.test)
    return f"{images}, {share} of the {_TESTS[side]}, {counts.wrong:,} wrong"


def nothing(best: Loosened | None) -> str:
    """What to do where no image passes a filter."""
    if best is None:
        return "No image passes these filters, nor all but one of them."
    one = "there is 1" if best.cases == 1 else f"there are {best.cases:,}"
    return f"No image passes all of these filters. Set **{filter_name(best.key)}** to any, and {one}."


def not_there(attributes: Sequence[tuple[str, str]], *, side: Side) -> str:
    """What the address asks for and no image of the test has, as plain text."""
    asked = " and ".join(f"{name} {value}" for name, value in attributes)
    return f"The address asks for {asked}: no image of the {_TESTS[side]} has that."


def short(finding: str) -> str:
    """A class in at most 13 letters, under a tile."""
    return _SHORT.get(finding, finding)
