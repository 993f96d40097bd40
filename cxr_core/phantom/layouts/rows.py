"""Tables by rows: those of one part of a site, and a site's table out of its parts."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

Cell = str | int | float | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What one part of a site's images adds to its tables.

    Attributes:
        labels: To the published label table.
        truth: To the table of what was drawn.
    """

    labels: tuple[Row, ...]
    truth: tuple[Row, ...]


def keep(rows: Rows, *, path: Path) -> None:
    """Writes the rows of one part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(rows)), encoding="utf-8")


def kept(path: Path) -> Rows:
    """The rows that `keep` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return Rows(labels=tuple(map(tuple, found["labels"])), truth=tuple(map(tuple, found["truth"])))


def write_table(path: Path, *, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """A CSV file; None is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
