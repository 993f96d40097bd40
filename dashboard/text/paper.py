"""A table as a paper prints it: in words, rounded as pages round, one test beside the other, with what it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.results.downloads import BEGINNING, Cell, CrossTable, Download, Row
from dashboard.text import paper_cells
from dashboard.text.paper_cells import is_undefined, said

Test = tuple[Cell, ...]
"""What tells the columns of one test from those of another."""

_DOWN = ("run", "metric", "finding", "stratum", "model")
"""What may tell one row of numbers from another."""

_TEST = ("role", "dataset", "policy")

_ENDS = frozenset({"synthetic", "low", "high", "not_estimable"})
"""Columns that another cell or the caption tells."""

_ALIKE = frozenset({"run", "model", *_TEST, "task", "finding", "method", "near_dataset", "near_image_id"})
"""Columns that are left out where all rows have the same."""

_HEADINGS = {
    "finding": "Class",
    "class": "True class",
    "image_id": "Image",
    "patient_id": "Patient",
    "stratum": "Images",
    "n": "n",
    "n_positive": "With the finding",
    "n_right": "Right",
    "n_left": "Left",
    "n_both": "With both",
    "n_effective": "n as patients count",
    "n_with_boxes": "With boxes",
}

_MOST_MODELS = 3


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column as it is printed; numbers stand to the right."""

    heading: str
    cells: tuple[str, ...]
    is_number: bool


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A table as it is printed, plain text."""

    caption: str
    columns: tuple[Column, ...]


def printed(table: Download) -> Printed:
    """A table as a paper prints it."""
    rows, gaps = table.rows(), table.gaps() if table.gaps else ()
    if table.layout is not None:
        columns = _laid_out(rows, table.layout)
    elif rows and "metric" in rows[0]:
        columns = _test_beside_test(rows, gaps)
    else:
        columns = _as_they_are(rows)
    sentences = (f"{words.one_line(table.holds)}.", f"{provenance(rows)}.", *paper_cells.units(rows))
    return Printed(caption=" ".join(sentences), columns=tuple(columns))


def provenance(rows: Sequence[Row]) -> str:
    """``run demo · model split · internal test: VinBigData (synthetic), all readers, n = 341``: what rows rest on."""
    runs, models = _distinct(rows, "run"), _distinct(rows, "model")
    named = "{}, " if len(runs) > 1 else ""
    tests: dict[Test, list[Row]] = {}
    for row in rows:
        tests.setdefault(_of(row, ("run", *_TEST)), []).append(row)
    return " · ".join(
        (
            *(f"run {words.one_line(str(run))}" for run in runs),
            *(f"model {words.one_line(str(model))}" for model in models if len(models) <= _MOST_MODELS),
            *(f"{named.format(said(of_test[0], 'run'))}{_described(of_test)}" for of_test in tests.values()),
        )
    )


def _described(rows: Sequence[Row]) -> str:
    role, dataset, policy = (said(rows[0], name) for name in _TEST)
    counts = {row.get("n") for row in rows}
    n = counts.pop() if len(counts) == 1 else None
    named = ", ".join(filter(None, (dataset, policy, "" if n is None else f"n\u00a0=\u00a0{n:,}")))
    return f"{role}: {named}" if role else named


def _test_beside_test(rows: Sequence[Row], gaps: Sequence[Row]) -> list[Column]:
    down = [name for name in _DOWN if len({said(row, name) for row in rows} - {""}) > 1] or ["metric"]
    tests = _tests(rows)
    named = {_of(row, down): row for row in rows}
    found = {(_of(row, down), _of(row, tests.names)): row for row in rows}
    columns = [_column(name, list(named.values())) for name in down]
    for test, heading in tests.headings.items():
        own = [found.get((place, test)) for place in named]
        columns.append(_numbers(heading, map(paper_cells.number, own)))
        columns.append(_numbers("n", map(paper_cells.count, own)))
        if any(row is not None and not is_undefined(row.get("train_test_gap")) for row in own):
            columns.append(_numbers("Training minus test", (paper_cells.difference(row) for row in own)))
    if gaps:
        lost = {_of(row, down): row for row in gaps}
        columns.append(_numbers("Internal minus external", (paper_cells.number(lost.get(place)) for place in named)))
    return columns


@dataclass(frozen=True, kw_only=True)
class _Tests:
    names: tuple[str, ...]
    headings: Mapping[Test, str]


def _tests(rows: Sequence[Row]) -> _Tests:
    """The tests of a table, told apart by their role; where that is not enough, by dataset and policy too."""
    of_run = {_of(row, ("run", *_TEST)) for row in rows}
    is_enough = len(of_run) == len({test[:2] for test in of_run})
    names = ("role",) if is_enough else tuple(name for name in _TEST if len({row[name] for row in rows}) > 1)
    headings = {_of(row, names): _capital(", ".join(filter(None, (said(row, name) for name in names)))) for row in rows}
    return _Tests(names=names, headings=headings)


def _laid_out(rows: Sequence[Row], layout: CrossTable) -> list[Column]:
    in_order = _distinct(rows, layout.down[-1])
    across = {row[layout.across]: said(row, layout.across) for row in rows}
    across = dict(sorted(across.items(), key=lambda each: in_order.index(each[0]) if each[0] in in_order else -1))
    named = {_of(row, layout.down): row for row in rows}
    found = {(*_of(row, layout.down), row[layout.across]): row for row in rows}
    columns = [_column(name, list(named.values())) for name in layout.down if len(_distinct(rows, name)) > 1]
    for each, heading in across.items():
        cells = (found.get((*place, each)) for place in named)
        columns.append(_numbers(heading, (paper_cells.share(row, layout.cell) for row in cells)))
    return columns


def _as_they_are(rows: Sequence[Row]) -> list[Column]:
    """All columns with a value, but for those that the caption or another cell tells."""
    if not rows:
        return []
    told = {*_ENDS, *(name for name in _TEST if name not in _tests(rows).names)}
    alike = _ALIKE if len(rows) > 1 else BEGINNING
    names = [name for name in rows[0] if name not in told]
    return [_column(name, rows) for name in names if len(_distinct(rows, name)) > (name in alike)]


def _column(name: str, rows: Sequence[Row]) -> Column:
    values = [value for row in rows if (value := row.get(name)) is not None]
    return Column(
        heading=_HEADINGS.get(name, _capital(name.replace("_", " "))),
        cells=tuple(paper_cells.share(row, name) for row in rows),
        is_number=bool(values) and not any(isinstance(value, str | bool) for value in values),
    )


def _numbers(heading: str, cells: Iterable[str]) -> Column:
    return Column(heading=heading, cells=tuple(cells), is_number=True)


def _of(row: Row, names: Sequence[str]) -> Test:
    return tuple(said(row, name) if name == "model" else row.get(name) for name in names)


def _distinct(rows: Iterable[Row], name: str) -> list[Cell]:
    return list(dict.fromkeys(value for row in rows if not is_undefined(value := row.get(name))))


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
