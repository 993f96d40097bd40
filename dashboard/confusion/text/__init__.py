"""The matrices in words: the classes that are taken for others."""

from collections.abc import Callable, Mapping

from dashboard.confusion.data.counts import Confusion
from dashboard.notation import NOT_ESTIMABLE, Estimate, bracket, counted, percent, plural, points
from dashboard.results.differences import difference, may_be_chance
from dashboard.results.side import Side
from dashboard.words import plain

TRAINED_ON_ALL = (
    "None: this model was trained on all internal images. How it does on those says nothing about new patients."
)

NO_IMAGES = "None: no image of this test has a single class under this label policy."

NO_EXTERNAL = "None: this run was not tested on another site."


def answer(found: Mapping[Side, Confusion]) -> str:
    """Which class is predicted too often, in the external test if there is one, and how often in the internal test."""
    internal, external = found.get(Side.INTERNAL), found.get(Side.EXTERNAL)
    first, side = (external, Side.EXTERNAL) if external and external.images else (internal, Side.INTERNAL)
    if first is None or not first.images:
        noun = "image" if first is None else first.noun
        return f"No {noun} has a single class under these label policies, so nothing can be compared."
    where, finding = f"{side.where.capitalize()},", first.overcalled()
    if finding is None:
        return f"{where} each class is predicted as often as it is there, in {counted(first.images, first.noun)}."
    said = f"{where} {_called(first, finding)}"
    if first is external and internal and internal.images:
        said += f"; {Side.INTERNAL.where}, {_called_too(internal, finding)}"
    return f"{said}."


def cell(matrix: Confusion, *, side: Side, true: int, predicted: int) -> str:
    """``Cardiomegaly taken for Nodule/Mass in the external test: 16 of 35 images (45.7 % [29.2, 62.2])``. Plain."""
    return f"{_what(matrix, true, predicted)} in the {side.test}: {_how_many(matrix, true, predicted)}"


def cell_of_answer(matrix: Confusion, *, side: Side, true: int, predicted: int) -> str:
    """``Predicted as Nodule/Mass in the external test: 16 of 35 images are Cardiomegaly (45.7 %)``, in plain text."""
    share = matrix.share_of_answer(true, predicted)
    name = matrix.classes[predicted]
    if not share.n:
        return f"No {matrix.noun} is predicted as {name} in the {side.test}"
    some = f"{matrix.counts[true][predicted]:,} of {counted(share.n, matrix.noun)} are {matrix.classes[true]}"
    return f"Predicted as {name} in the {side.test}: {some} ({_in_brackets(share, noun=matrix.noun)})"


def chosen(matrix: Confusion, *, side: Side, true: int, predicted: int) -> str:
    """The cell that is chosen, in Markdown, above its images."""
    order = ", most confident first" if matrix.counts[true][predicted] > 1 else ""
    what = f"{_what(matrix, true, predicted, written=_strong)} in the {side.test}"
    return f"{what}: {_how_many(matrix, true, predicted)}{order}"


def cell_difference(internal: Confusion, external: Confusion, *, true: int, predicted: int) -> str:
    """A cell in both tests and what lies between them, in plain text."""
    parts = [
        f"{_how_many(matrix, true, predicted)} {side.where}"
        for matrix, side in ((internal, Side.INTERNAL), (external, Side.EXTERNAL))
    ]
    said = f"{_what(internal, true, predicted)}: {', '.join(parts)}"
    between = difference(internal.share(true, predicted), external.share(true, predicted))
    if not between.is_number:
        return said
    spread = bracket(between)
    if not spread:
        return f"{said}; {points(between.value)} points, without an interval"
    return f"{said}; {points(between.value)} points {spread}{', which may be chance' if may_be_chance(between) else ''}"


def _what(matrix: Confusion, true: int, predicted: int, *, written: Callable[[str], str] = str) -> str:
    name = written(matrix.classes[true])
    return f"{name} recognized" if true == predicted else f"{name} taken for {written(matrix.classes[predicted])}"


def _strong(finding: str) -> str:
    return f"**{plain(finding)}**"


def _how_many(matrix: Confusion, true: int, predicted: int) -> str:
    share = matrix.share(true, predicted)
    if not share.n:
        return f"no {plural(matrix.noun)}"
    some = f"{matrix.counts[true][predicted]:,} of {counted(share.n, matrix.noun)}"
    return f"{some} ({_in_brackets(share, noun=matrix.noun)})"


def _in_brackets(share: Estimate, *, noun: str) -> str:
    if not share.is_number:
        return f"{NOT_ESTIMABLE} as a share: {counted(share.n, noun)}"
    return " ".join(filter(None, (percent(share.value), bracket(share))))


def _called(matrix: Confusion, finding: int) -> str:
    called, are, n = matrix.shares.called[finding], matrix.are(finding), matrix.images
    name = plain(matrix.classes[finding])
    if not called.is_number:
        share = f"{matrix.called(finding):,} of {counted(n, matrix.noun)} are predicted as {name}"
        return f"{share}, where {_are(are)} (too few to say more)"
    share = f"**{percent(called.value)}** {_gray(called)} of {counted(n, matrix.noun)} are predicted as {name}"
    return f"{share}, where {_share_is(matrix, finding)}"


def _called_too(matrix: Confusion, finding: int) -> str:
    called, n = matrix.shares.called[finding], matrix.images
    if not called.is_number:
        return f"{matrix.called(finding):,} of {n:,}, where {_are(matrix.are(finding))}"
    return f"{percent(called.value)} {_gray(called)} of {n:,}, where {_share_is(matrix, finding)}"


def _share_is(matrix: Confusion, finding: int) -> str:
    share = matrix.shares.are[finding]
    return f"{percent(share.value)} {_gray(share)} are"


def _gray(share: Estimate) -> str:
    return f":gray[{plain(bracket(share))}]"


def _are(n: int) -> str:
    return f"{n:,} is" if n == 1 else f"{n:,} are"
