"""Confusion matrices as what is drawn: words in cells, in the hue of their site."""

import math
from collections.abc import Callable
from dataclasses import replace

from dashboard.confusion import text
from dashboard.confusion.data.counts import Confusion
from dashboard.confusion.figures.matrix.grid import Cell, Grid, MatrixRow
from dashboard.notation import MANY, Estimate, counted, plural, points, whole
from dashboard.palette import Palette, ink, mix
from dashboard.results import differences
from dashboard.results.side import Side

_EMPTY = 0.045
"""How far the ground of a cell that holds nothing lies from the page's."""

_FULL_DIFFERENCE = 0.5
"""The difference of shares that has the full hue; fixed, so that a colour means the same for every model."""

_TITLES: dict[Side, str] = {Side.INTERNAL: "Internal test", Side.EXTERNAL: "External test"}

DIFFERENCE = "Internal minus external test"
"""The title of differences of shares."""

DIFFERENCE_COLORS = "blue more internally, orange more externally, gray may be chance"

_TOO_FEW = "too few"

_NO_NUMBER = "\u2013"

_CellOf = Callable[[int, int], Cell]


def shares(matrix: Confusion, *, side: Side, dataset: str, palette: Palette) -> Grid:
    """The matrix as shares of its rows, in percent; a row of too few images as counts, without colour."""
    base, hue = _base(palette), _hue(side, palette)

    def cell(i: int, j: int) -> Cell:
        title = text.cell(matrix, side=side, true=i, predicted=j)
        return _share_cell(matrix, matrix.share(i, j), place=(i, j), title=title, colors=(base, hue), palette=palette)

    detail = f"{dataset}, {counted(matrix.images, matrix.noun)}, % of each row"
    return _grid(matrix, cell, side=side, detail=detail, hue=hue, noted=True)


def columns(matrix: Confusion, *, side: Side, dataset: str, palette: Palette) -> Grid:
    """The matrix as shares of its columns, in percent: on the diagonal, precision."""
    base, hue = _base(palette), _hue(side, palette)

    def cell(i: int, j: int) -> Cell:
        title = text.cell_of_answer(matrix, side=side, true=i, predicted=j)
        share = matrix.share_of_answer(i, j)
        if not share.n:
            return Cell(text=_NO_NUMBER, title=title, fill=base, ink=palette.soft, is_right=i == j, is_faint=True)
        return _share_cell(matrix, share, place=(i, j), title=title, colors=(base, hue), palette=palette)

    detail = f"{dataset}, {counted(matrix.images, matrix.noun)}, % of each column"
    grid = _grid(matrix, cell, side=side, detail=detail, hue=hue, noted=False)
    wholes = [matrix.share_of_answer(j, j) for j in range(len(matrix.classes))]
    return replace(
        grid,
        n_heads=(),
        rows=tuple(replace(row, n=(), notes=()) for row in grid.rows),
        foot=tuple(f"{whole.n:,}" for whole in wholes),
        foot_notes=tuple(map(_note, wholes)),
    )


def counts(matrix: Confusion, *, side: Side, dataset: str, palette: Palette) -> Grid:
    """The matrix as numbers of images, coloured by their square root."""
    base, hue = _base(palette), _hue(side, palette)
    most = max(map(max, matrix.counts))

    def cell(i: int, j: int) -> Cell:
        n = matrix.counts[i][j]
        fill = mix(base, hue, math.sqrt(n / most) if most else 0.0)
        title = text.cell(matrix, side=side, true=i, predicted=j)
        label = _in_short(n) if _are_many(matrix) else f"{n:,}"
        own = palette.soft if _are_many(matrix) and not n else ink(fill)
        return Cell(text=label, title=title, fill=fill, ink=own, is_right=i == j)

    detail = f"{dataset}, {counted(matrix.images, matrix.noun)}"
    return _grid(matrix, cell, side=side, detail=detail, hue=hue, noted=False)


def difference(internal: Confusion, external: Confusion, *, palette: Palette) -> Grid:
    """Internal minus external share of a row, in points: blue where it is more internally, orange where externally.

    What may be chance is gray.
    """

    def cell(i: int, j: int) -> Cell:
        title = text.cell_difference(internal, external, true=i, predicted=j)
        found = differences.difference(internal.share(i, j), external.share(i, j))
        said = _in_percent(found.value, internal) if found.is_number else ""
        return difference_cell(found, said=said, title=title, is_right=i == j, palette=palette)

    def row(i: int) -> MatrixRow:
        ours, theirs = internal.are(i), external.are(i)
        cells = tuple(cell(i, j) for j in range(len(internal.classes))) if ours or theirs else ()
        notes = tuple(_note(matrix.share(i, i)) for matrix in (internal, external))
        return MatrixRow(
            name=internal.classes[i], cells=cells, n=(f"{ours:,}", f"{theirs:,}"), notes=notes, absent=_none(internal)
        )

    return Grid(
        side=Side.EXTERNAL,
        title=DIFFERENCE,
        detail=f"in points of the share of a row: {DIFFERENCE_COLORS}",
        hue=palette.text,
        classes=internal.classes,
        n_heads=("n internal", "n external"),
        rows=tuple(map(row, range(len(internal.classes)))),
        is_dense=_are_many(internal),
    )


def _none(matrix: Confusion) -> str:
    return f"no {plural(matrix.noun)}"


def difference_cell(found: Estimate | None, *, said: str, title: str, is_right: bool, palette: Palette) -> Cell:
    """A cell of internal minus external shares, in the hue of the site that has more; gray where it may be chance.

    Args:
        found: The difference; None where there is none.
        said: It in points, without the sign of a gain.
        title: What it says, in a sentence.
        is_right: Whether the answer is right.
        palette: The colours of the current theme.
    """
    base = _base(palette)
    if found is None or not found.is_number:
        return Cell(text=_NO_NUMBER, title=title, fill=base, ink=palette.soft, is_right=is_right, is_faint=True)
    signed = f"+{said}" if found.value > 0 and said != "0.0" else said
    if differences.may_be_chance(found):
        return Cell(text=signed, title=title, fill=base, ink=palette.soft, is_right=is_right)
    hue = palette.internal if found.value > 0 else palette.external
    fill = mix(palette.ground, hue, min(1.0, abs(found.value) / _FULL_DIFFERENCE))
    return Cell(text=signed, title=title, fill=fill, ink=ink(fill), is_right=is_right)


def empty_grid(*, side: Side, why: str, palette: Palette) -> Grid:
    """A place without a matrix, and why."""
    return Grid(side=side, title=_TITLES[side], detail="", hue=_hue(side, palette), classes=(), absent=why)


def _share_cell(
    matrix: Confusion, share: Estimate, *, place: tuple[int, int], title: str, colors: tuple[str, str], palette: Palette
) -> Cell:
    """A share in its shade, from the first colour to the second; as a count, without colour, of too few images."""
    base, hue = colors
    i, j = place
    if not share.is_number:
        few = matrix.counts[i][j]
        label = f"{few:,}" if _are_many(matrix) else f"{few:,} of {share.n:,}"
        return Cell(text=label, title=title, fill=base, ink=palette.soft, is_right=i == j, is_faint=True)
    fill = mix(base, hue, share.value)
    own = palette.soft if _are_many(matrix) and not share.value else ink(fill)
    return Cell(text=_in_percent(share.value, matrix), title=title, fill=fill, ink=own, is_right=i == j)


def _grid(matrix: Confusion, cell: _CellOf, *, side: Side, detail: str, hue: str, noted: bool) -> Grid:
    def row(i: int) -> MatrixRow:
        share = matrix.share(i, i)
        cells = tuple(cell(i, j) for j in range(len(matrix.classes))) if share.n else ()
        notes = (_note(share),) if noted else ("",)
        return MatrixRow(name=matrix.classes[i], cells=cells, n=(f"{share.n:,}",), notes=notes, absent=_none(matrix))

    rows = tuple(map(row, range(len(matrix.classes))))
    return Grid(
        side=side,
        title=_TITLES[side],
        detail=detail,
        hue=hue,
        classes=matrix.classes,
        rows=rows,
        is_dense=_are_many(matrix),
    )


def _note(share: Estimate) -> str:
    return _TOO_FEW if share.n and not share.estimable else ""


def _base(palette: Palette) -> str:
    return mix(palette.ground, palette.text, _EMPTY)


def _hue(side: Side, palette: Palette) -> str:
    return side.color(palette)


def _are_many(matrix: Confusion) -> bool:
    return len(matrix.classes) > MANY


def _in_percent(share: float, matrix: Confusion) -> str:
    return whole(share) if _are_many(matrix) else points(share)


def _in_short(n: int) -> str:
    """At most four letters: ``850``, ``1.2k``, ``31k``."""
    if n < 1000:
        return str(n)
    return f"{n / 1000:.1f}k" if n < 9950 else f"{n / 1000:.0f}k"
