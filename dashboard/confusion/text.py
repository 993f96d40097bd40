"""The matrices in words: the classes that are taken for others."""

from collections.abc import Callable, Mapping

from dashboard.confusion.data.counts import Confusion
from dashboard.notation import NOT_ESTIMABLE, bracket, counted, percent
from dashboard.results.side import Side
from dashboard.words import plain

TRAINED_ON_ALL = (
    "None: this model was trained on all internal images. How it does on those says nothing about new patients."
)

NO_IMAGES = "None: no image of this test has a single class under this label policy."

NO_EXTERNAL = "None: this run was not tested on another site."


def answer(found: Mapping[Side, Confusion]) -> str:
    """Which class is answered too often, in the external test if there is one, and how often in the internal test."""
    internal, external = found.get(Side.INTERNAL), found.get(Side.EXTERNAL)
    first, side = (external, Side.EXTERNAL) if external and external.images else (internal, Side.INTERNAL)
    if first is None or not first.images:
        return "No image has a single class under these label policies, so nothing can be compared."
    where, finding = f"{side.where.capitalize()},", first.overcalled()
    if finding is None:
        return f"{where} each class is answered as often as it is there, in {counted(first.images, 'image')}."
    said = f"{where} {_called(first, finding)}"
    if first is external and internal and internal.images:
        said += f"; {Side.INTERNAL.where}, {_called_too(internal, finding)}"
    return f"{said}."


def cell(matrix: Confusion, *, side: Side, true: int, predicted: int) -> str:
    """``Cardiomegaly taken for Nodule/Mass in the external test: 16 of 35 images (45.7 % [29.2, 62.2])``. Plain."""
    return f"{_what(matrix, true, predicted)} in the {side.test}: {_how_many(matrix, true, predicted)}"


def chosen(matrix: Confusion, *, side: Side, true: int, predicted: int) -> str:
    """The cell that is chosen, in Markdown, above its images."""
    order = ", most confident first" if matrix.counts[true][predicted] > 1 else ""
    what = f"{_what(matrix, true, predicted, written=_strong)} in the {side.test}"
    return f"{what}: {_how_many(matrix, true, predicted)}{order}"


def cell_difference(internal: Confusion, external: Confusion, *, true: int, predicted: int) -> str:
    """A cell in both tests, in plain text."""
    parts = [
        f"{_how_many(matrix, true, predicted)} {side.where}"
        for matrix, side in ((internal, Side.INTERNAL), (external, Side.EXTERNAL))
    ]
    return f"{_what(internal, true, predicted)}: {', '.join(parts)}"


def _what(matrix: Confusion, true: int, predicted: int, *, written: Callable[[str], str] = str) -> str:
    name = written(matrix.classes[true])
    return f"{name} recognized" if true == predicted else f"{name} taken for {written(matrix.classes[predicted])}"


def _strong(finding: str) -> str:
    return f"**{plain(finding)}**"


def _how_many(matrix: Confusion, true: int, predicted: int) -> str:
    share = matrix.share(true, predicted)
    if not share.n:
        return "no images"
    some = f"{matrix.counts[true][predicted]:,} of {counted(share.n, 'image')}"
    if not share.is_number:
        return f"{some} ({NOT_ESTIMABLE} as a share: {counted(share.n, 'image')})"
    return f"{some} ({' '.join(filter(None, (percent(share.value), bracket(share))))})"


def _called(matrix: Confusion, finding: int) -> str:
    called, are, n = matrix.called(finding), matrix.are(finding), matrix.images
    if not matrix.is_estimable:
        share = f"{called:,} of {counted(n, 'image')} are called {plain(matrix.classes[finding])}"
        return f"{share}, where {_are(are)} (too few to say more)"
    share = f"**{percent(called / n)}** of {counted(n, 'image')} are called {plain(matrix.classes[finding])}"
    return f"{share}, where {percent(are / n)} are"


def _called_too(matrix: Confusion, finding: int) -> str:
    called, are, n = matrix.called(finding), matrix.are(finding), matrix.images
    if not matrix.is_estimable:
        return f"{called:,} of {n:,}, where {_are(are)}"
    return f"{percent(called / n)} of {n:,}, where {percent(are / n)} are"


def _are(n: int) -> str:
    return f"{n:,} is" if n == 1 else f"{n:,} are"
