"""Tables as files: CSV with everything, Markdown and LaTeX for a paper, each made when it is asked for."""

import csv
import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.results.downloads import BEGINNING, GAP_BEGINNING, NUMBER, Cell, Download, Row
from dashboard.text.paper import Column, Printed, printed

_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""How a text begins that a spreadsheet would take for something to compute."""

_IN_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~])")

_IN_LATEX = {
    **{mark: rf"\{mark}" for mark in "{}%&_#$"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "\u00b7": r"\textperiodcentered{}",
    "\u00a0": "~",
    "\u2212": "$-$",
}


@dataclass(frozen=True, kw_only=True)
class File:
    """One file of a table.

    Attributes:
        label: What its button says.
        name: How it is called.
        mime: Its type.
        data: Makes its content.
    """

    label: str
    name: str
    mime: str
    data: Callable[[], str]


def files(table: Download) -> tuple[File, ...]:
    """The files of a table: CSV, with another of its gaps where it has any, Markdown and LaTeX."""
    gaps = table.gaps
    own = (
        File(
            label="CSV",
            name=f"{table.stem}.csv",
            mime="text/csv",
            data=lambda: to_csv(table.rows(), header=(*BEGINNING, *NUMBER) if gaps else BEGINNING),
        ),
        File(label="Markdown", name=f"{table.stem}.md", mime="text/markdown", data=lambda: to_markdown(printed(table))),
        File(label="LaTeX", name=f"{table.stem}.tex", mime="application/x-tex", data=lambda: to_latex(printed(table))),
    )
    if gaps is None:
        return own
    of_gaps = File(
        label="CSV of the gaps",
        name=f"{table.stem}_gaps.csv",
        mime="text/csv",
        data=lambda: to_csv(gaps(), header=(*GAP_BEGINNING, *NUMBER)),
    )
    return (*own[:1], of_gaps, *own[1:])


def to_csv(rows: Sequence[Row], *, header: Sequence[str] = BEGINNING) -> str:
    """Rows as CSV: NaN and None are blank, and no text begins as a formula does.

    Args:
        rows: All have the same columns.
        header: The columns where there is no row.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0] if rows else header)
    writer.writerows([_in_csv(value) for value in row.values()] for row in rows)
    return text.getvalue()


def to_markdown(table: Printed) -> str:
    """A table in Markdown below its caption, columns aligned."""
    columns = [_padded(column) for column in table.columns]
    lines = [f"| {' | '.join(cells)} |" for cells in zip(*columns, strict=True)]
    return "\n".join((_marked(table.caption), "", *lines, ""))


def to_latex(table: Printed) -> str:
    """A table in LaTeX with the rules of booktabs."""
    rows = zip(*(map(_texed, column.cells) for column in table.columns), strict=True)
    return "\n".join(
        (
            r"% \usepackage{booktabs}",
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{_texed(table.caption)}}}",
            rf"\begin{{tabular}}{{{''.join('r' if column.is_number else 'l' for column in table.columns)}}}",
            r"\toprule",
            _line([_texed(column.heading) for column in table.columns]),
            r"\midrule",
            *map(_line, rows),
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
            "",
        )
    )


def _in_csv(value: Cell) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        guard = "'" if value.startswith(_FORMULA) else ""
        return f"{guard}{value}".replace("\r", " ")  # the writer would not quote it
    return None if isinstance(value, float) and math.isnan(value) else value


def _padded(column: Column) -> list[str]:
    cells = [column.heading, *(cell if column.is_number else _marked(cell) for cell in column.cells)]
    width = max(3, *map(len, cells))
    aligned = [cell.rjust(width) if column.is_number else cell.ljust(width) for cell in cells]
    rule = f"{'-' * (width - 1)}:" if column.is_number else "-" * width
    return [aligned[0], rule, *aligned[1:]]


def _marked(text: str) -> str:
    return _IN_MARKDOWN.sub(r"\\\1", text)


def _texed(text: str) -> str:
    return "".join(_IN_LATEX.get(character, character) for character in text)


def _line(cells: Sequence[str]) -> str:
    r"""A row; what begins with a bracket or a star would be taken for an argument of the ``\\`` before it."""
    guard = "{}" if cells and cells[0].startswith(("[", "*")) else ""
    return rf"{guard}{' & '.join(cells)} \\"
