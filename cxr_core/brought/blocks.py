"""What one table says of one model, before the tables of a model are put together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cxr_core.brought.records import FindingMatch, Numbers, Positions, Words
from cxr_core.datasets.tables import Table

UNNAMED = "model"
"""What a model is called that no file names."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """Places of one table and one model, m of them, and j findings.

    Attributes:
        model: The model.
        table: The table, without its cells.
        column: The column of ids, for messages.
        ids: Shape ``(m,)``.
        studies: Shape ``(m,)``, None where no column of its own says the study.
        datasets: Shape ``(m,)``, None where it is not said.
        position: Shape ``(m,)``: which row of the table.
        findings: The j findings.
        said: Shape ``(m, j)``: which row of the table speaks of it, even if its cell is blank; -1 where none does.
        probability: Shape ``(m, j)``, NaN where nothing is said.
        flagged: Shape ``(m, j)``, NaN where nothing is said.
        thresholds: From a finding to its threshold and the row of the table that states it first.
        threshold_column: The column that states thresholds, None where there is none.
        versions: Which versions of the model the rows name.
    """

    model: str
    table: Table
    column: str
    ids: Words
    studies: Words
    datasets: Words
    position: Positions
    findings: tuple[str, ...]
    said: Positions
    probability: Numbers
    flagged: Numbers
    thresholds: Mapping[str, tuple[float, int]]
    versions: frozenset[str]
    threshold_column: str | None = None


@dataclass(frozen=True, kw_only=True)
class TableSays:
    """What one table says: its blocks, what its names mean, and what was not taken."""

    blocks: tuple[Block, ...]
    matches: tuple[FindingMatch, ...]
    notes: tuple[str, ...]


def without_cells(table: Table) -> Table:
    """A table that still tells lines, and holds nothing of its cells."""
    return replace(table, cells=table.cells[[]])


def nothing(rows: int, findings: int) -> Numbers:
    """Scores or flags where nothing is said."""
    return np.full((rows, findings), np.nan, dtype=np.float32)


def units(ids: Words, datasets: Words) -> tuple[Positions, Positions]:
    """What is one id of one data set: a number for each row, from 0 in the order met, and the first row of each."""
    id_code, _ = pd.factorize(ids)
    dataset_code, known = pd.factorize(datasets)
    unit, _ = pd.factorize(id_code * (len(known) + 1) + dataset_code + 1)
    first = np.flatnonzero(~pd.Series(unit).duplicated().to_numpy())
    return unit.astype(np.int64), first.astype(np.int64)
