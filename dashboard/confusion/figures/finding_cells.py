"""Two-by-two tables of findings as what is drawn: a line a finding, four cells in the hue of their site."""

import math
from collections.abc import Mapping, Sequence

from dashboard.confusion.figures.cells import DIFFERENCE, DIFFERENCE_COLORS, difference_cell
from dashboard.confusion.figures.matrix.grid import Cell, Grid, MatrixRow
from dashboard.confusion.text import findings as text
from dashboard.notation import Estimate, plural, points
from dashboard.palette import Palette, ink, mix
from dashboard.results.case_filter import OUTCOMES, Outcome
from dashboard.results.comparison import TestSet
from dashboard.results.side import Side
from dashboard.results.two_by_two import TwoByTwo
from dashboard.text.case_captions import OUTCOMES as CALLED

_EMPTY = 0.045
_RIGHT = ("true_positive", "true_negative")


def grid(tables: Sequence[TwoByTwo], *, test: TestSet, shown: str, palette: Palette) -> Grid:
    """The tables of one test.

    Args:
        tables: From the top.
        test: Of which test.
        shown: ``share`` of those with, or without, the finding; ``column``: of what is flagged, or not; ``counts``.
        palette: Its colours.
    """
    hue = test.side.color(palette)
    detail = {"share": "% of those with, or without, it", "column": "% of those flagged, or not"}
    return Grid(
        side=test.side,
        title=f"{test.side.test.capitalize()}",
        detail=f"{test.site}, {detail.get(shown, plural(test.noun))}",
        hue=hue,
        classes=tuple(CALLED[outcome] for outcome in OUTCOMES),
        n_heads=("with it", plural(test.noun)),
        rows=tuple(_row(table, test=test, shown=shown, hue=hue, palette=palette) for table in tables),
        corner="finding",
    )


def difference(
    pairs: Sequence[tuple[TwoByTwo, TwoByTwo]],
    *,
    changes: Mapping[str, Mapping[Outcome, Estimate]],
    noun: str,
    palette: Palette,
) -> Grid:
    """Internal minus external shares of those with, or without, a finding.

    Args:
        pairs: The internal and the external table of each finding, from the top.
        changes: By finding and outcome, the difference.
        noun: What is counted.
        palette: Its colours.
    """
    return Grid(
        side=Side.EXTERNAL,
        title=DIFFERENCE,
        detail=f"in points of those with, or without, it: {DIFFERENCE_COLORS}",
        hue=palette.text,
        classes=tuple(CALLED[outcome] for outcome in OUTCOMES),
        n_heads=("n internal", "n external"),
        rows=tuple(
            _difference_row(*pair, changes=changes.get(pair[0].finding, {}), noun=noun, palette=palette)
            for pair in pairs
        ),
        corner="finding",
    )


def _difference_row(
    internal: TwoByTwo, external: TwoByTwo, *, changes: Mapping[Outcome, Estimate], noun: str, palette: Palette
) -> MatrixRow:
    n = (f"{internal.images:,}", f"{external.images:,}")
    if not (internal.images and external.images):
        return MatrixRow(name=internal.finding, cells=(), n=n, notes=("", ""), absent="not known in both tests")
    cells = []
    for outcome in OUTCOMES:
        found = changes.get(outcome)
        said = points(found.value) if found is not None and found.is_number else ""
        title = text.cell_difference(internal, external, outcome, change=found, noun=noun)
        cells.append(difference_cell(found, said=said, title=title, is_right=outcome in _RIGHT, palette=palette))
    return MatrixRow(name=internal.finding, cells=tuple(cells), n=n, notes=("", ""))


def _row(table: TwoByTwo, *, test: TestSet, shown: str, hue: str, palette: Palette) -> MatrixRow:
    if not table.images:
        absent = "not labelled, or not predicted, here"
        return MatrixRow(name=table.finding, cells=(), n=("", ""), notes=("", ""), absent=absent)
    return MatrixRow(
        name=table.finding,
        cells=tuple(_cell(table, each, test=test, shown=shown, hue=hue, palette=palette) for each in OUTCOMES),
        n=(f"{table.present:,}", f"{table.images:,}"),
        notes=("", ""),
    )


def _cell(table: TwoByTwo, outcome: Outcome, *, test: TestSet, shown: str, hue: str, palette: Palette) -> Cell:
    base, count, is_right = mix(palette.ground, palette.text, _EMPTY), table.counts[outcome], outcome in _RIGHT
    if shown == "column":
        share = table.share_of_column(outcome)
        title = text.cell_of_column(table, outcome, side=test.side, noun=test.noun)
    else:
        share = table.share_of_row(outcome)
        title = text.cell(table, outcome, side=test.side, noun=test.noun)
    if shown == "counts":
        fill = mix(base, hue, math.sqrt(count / table.images))
        return Cell(text=f"{count:,}", title=title, fill=fill, ink=ink(fill), is_right=is_right)
    if not share.is_number:
        said = _few(count, share)
        return Cell(text=said, title=title, fill=base, ink=palette.soft, is_right=is_right, is_faint=True)
    fill = mix(base, hue, share.value)
    return Cell(text=points(share.value), title=title, fill=fill, ink=ink(fill), is_right=is_right)


def _few(count: int, share: Estimate) -> str:
    return f"{count:,} of {share.n:,}" if share.n else "\u2013"
