"""What tables of predictions say: models, findings, ids, scores and flags, in columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from cxr_core.datasets.tables import Table

Numbers = npt.NDArray[np.float32]
Positions = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]


class NamedFile(NamedTuple):
    """A table of predictions, and what the command line says of it.

    Attributes:
        model: The name of the model, None where it is not given.
        path: The file.
        dataset: The data set that its ids are of, None where it is not given.
    """

    model: str | None
    path: Path
    dataset: str | None = None


@dataclass(frozen=True, kw_only=True)
class FindingMatch:
    """What a table's own name means.

    Attributes:
        own: The name of the column, or in a column of findings.
        finding: The finding.
        grade: ``exact`` or ``close``.
        reason: Why, in one sentence.
    """

    own: str
    finding: str
    grade: Literal["exact", "close"]
    reason: str


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where each of n rows stands, for messages.

    Attributes:
        tables: The tables, without their cells.
        source: Shape ``(n,)``: which table.
        position: Shape ``(n,)``: which of its rows.
    """

    tables: tuple[Table, ...]
    source: Positions
    position: Positions

    def line(self, row: int) -> int:
        """The line of a row in its file."""
        return self._table(row).line(int(self.position[row]))

    def path(self, row: int) -> Path:
        """The file of a row."""
        return self._table(row).path

    def where(self, row: int) -> str:
        """The file and the line of a row, of a Parquet file its row."""
        table, position = self._table(row), int(self.position[row])
        if table.delimiter:
            return f"{table.path}:{table.line(position)}"
        return f"{table.path}, {table.place(position)}"

    def _table(self, row: int) -> Table:
        return self.tables[int(self.source[row])]

    def take(self, rows: Positions) -> "Places":
        """Some of the rows."""
        return Places(tables=self.tables, source=self.source[rows], position=self.position[rows])


@dataclass(frozen=True, kw_only=True)
class ModelOutputs:
    """What one model says of n images or studies and k findings.

    Attributes:
        model: Its name.
        ids: Shape ``(n,)``, str: as the files spell them.
        studies: Shape ``(n,)``, object: the study of each where a column of its own says it, else None.
        datasets: Shape ``(n,)``, object: the data set of each, None where it is not said.
        rows: Where each stands; of several rows of a long table the first.
        probability: Shape ``(n, k)``, in [0, 1], NaN where the model says nothing; None for a model without scores.
        flagged: Shape ``(n, k)``: 1, 0, NaN where the model says nothing; None for a model without flags.
        thresholds: From a finding to the threshold that the files state, in [0, 1].
        version: Of the model, None where the files state none, or several.
    """

    model: str
    ids: Words
    studies: Words
    datasets: Words
    rows: Places
    probability: Numbers | None
    flagged: Numbers | None
    thresholds: Mapping[str, float] = field(default_factory=dict)
    version: str | None = None


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What files of predictions say.

    Attributes:
        findings: The k findings: those that were asked for, or those of the files in the order met.
        matches: What each of the files' own names means, each once.
        models: What each model says.
        notes: What was not taken, in sentences without a cell.
    """

    findings: tuple[str, ...]
    matches: tuple[FindingMatch, ...]
    models: tuple[ModelOutputs, ...]
    notes: tuple[str, ...] = ()
