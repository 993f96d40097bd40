"""What is taken for what? The answer in words."""

from collections.abc import Callable

from dashboard.notation import NOT_ESTIMABLE, bracket, counted, percent
from dashboard.queries.confusion.counts import Confusion
from dashboard.results.side import Side
from dashboard.words import plain

WHERE: dict[Side, str] = {Side.INTERNAL: "at home", Side.EXTERNAL: "abroad"}

TRAINED_ON_ALL = (
    "None: this model was trained on all images at home. How it does on those says nothing about new patients."
)

NO_IMAGES = "None: no image of this test has a single class under this label policy."

NO_EXTERNAL = "None: this run was not tested on another site."


def answer(*, home: Confusion | None, abroad: Confusion | None) -> str:
    """Which class is answered too often, abroad if there is such a test, and how often at home."""
    first, side = (abroad, "Abroad") if abroad and abroad.images else (home, "At home")
    if first is None or not first.images:
        return "No image has a single class under these label policies, so nothing can be compared."
    finding = first.overcalled()
    if finding is None:
        return f"{side} each class is answered as often as it is there, in {counted(first.images, 'image')}."
    said = f"{side} {_called(first, finding)}"
    if first is abroad and home and home.images:
        said += f"; at home {_called_too(home, finding)}"
    return f"{said}."


def cell(found: Confusion, *, side: Side, true: int, predicted: int) -> str:
    """``Cardiomegaly taken for No Finding abroad: 1,668 of 3,581 images (46.6 % [44.9, 48.3])``, in plain text."""
    return f"{_what(found, true, predicted)} {WHERE[side]}: {_how_many(found, true, predicted)}"


def chosen(found: Confusion, *, side: Side, true: int, predicted: int) -> str:
    """The cell that is chosen, in Markdown, above its images."""
    order = ", most confident first" if found.counts[true][predicted] > 1 else ""
    return f"{_what(found, true, predicted, written=_strong)} {WHERE[side]}: {_how_many(found, true, predicted)}{order}"


def cell_difference(home: Confusion, abroad: Confusion, *, true: int, predicted: int) -> str:
    """A cell at both places, in plain text."""
    parts = [
        f"{_how_many(found, true, predicted)} {WHERE[side]}"
        for found, side in ((home, Side.INTERNAL), (abroad, Side.EXTERNAL))
    ]
    return f"{_what(home, true, predicted)}: {', '.join(parts)}"


def _what(found: Confusion, true: int, predicted: int, *, written: Callable[[str], str] = str) -> str:
    name = written(found.classes[true])
    return f"{name} recognized" if true == predicted else f"{name} taken for {written(found.classes[predicted])}"


def _strong(finding: str) -> str:
    return f"**{plain(finding)}**"


def _how_many(found: Confusion, true: int, predicted: int) -> str:
    share = found.share(true, predicted)
    if not share.n:
        return "no images"
    some = f"{found.counts[true][predicted]:,} of {counted(share.n, 'image')}"
    if not share.is_number:
        return f"{some} ({NOT_ESTIMABLE} as a share: {counted(share.n, 'image')})"
    return f"{some} ({' '.join(filter(None, (percent(share.value), bracket(share))))})"


def _called(found: Confusion, finding: int) -> str:
    called, are, n = found.called(finding), found.are(finding), found.images
    if not found.is_estimable:
        share = f"{called:,} of {counted(n, 'image')} are called {plain(found.classes[finding])}"
        return f"{share}, where {_are(are)} (too few to say more)"
    share = f"**{percent(called / n)}** of {counted(n, 'image')} are called {plain(found.classes[finding])}"
    return f"{share}, where {percent(are / n)} are"


def _called_too(found: Confusion, finding: int) -> str:
    called, are, n = found.called(finding), found.are(finding), found.images
    if not found.is_estimable:
        return f"{called:,} of {n:,}, where {_are(are)}"
    return f"{percent(called / n)} of {n:,}, where {percent(are / n)} are"


def _are(n: int) -> str:
    return f"{n:,} is" if n == 1 else f"{n:,} are"
