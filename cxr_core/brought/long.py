"""Long tables: a row for each id and finding, with a score, a flag, or both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.brought import cells, faults
from cxr_core.brought.blocks import Block, TableSays, nothing, units, without_cells
from cxr_core.brought.headers import Columns
from cxr_core.brought.names import meant
from cxr_core.brought.owners import Owners
from cxr_core.brought.records import FindingMatch, Numbers, Positions, Words
from cxr_core.brought.results import Results, results
from cxr_core.datasets.tables import Table


@dataclass(frozen=True, kw_only=True)
class _Said:
    """Of each of n rows: whose it is, which finding, and what is said."""

    table: Table
    column: str
    ids: Words
    owners: Owners
    finding: Positions
    findings: tuple[str, ...]
    score: Numbers
    flag: Numbers
    threshold: npt.NDArray[np.float64]
    threshold_column: str | None


def read_long(
    table: Table, columns: Columns, *, column: str, owners: Owners, asked: Sequence[str] | None, logits: bool
) -> TableSays:
    """What a long table says.

    Args:
        table: The table.
        columns: What its columns are.
        column: That of ids.
        owners: Model, data set, study and version of each row.
        asked: The findings that were asked for, None for all.
        logits: Whether scores, and thresholds, are logits.

    Raises:
        DataError: If the finding is not told, there is neither score nor flag, a row is there twice, thresholds of a
            finding differ, or a cell is not what it should be.
    """
    of = results(table, columns, asked=asked, logits=logits)
    if of.score is None and of.flag is None:
        raise faults.no_result(table.path)
    finding, matches = _findings(table, of, asked=asked)
    count = len(table.cells)
    score = cells.probabilities(table, of.score, logits=logits) if of.score else np.full(count, np.nan)
    stated = columns.of.get("threshold")
    threshold = cells.probabilities(table, stated, logits=logits, threshold=True) if stated else np.full(count, np.nan)
    said = _Said(
        table=table,
        column=column,
        ids=cells.ids(table, column),
        owners=owners,
        finding=finding,
        findings=tuple(dict.fromkeys(each.finding for each in matches)),
        score=score.astype(np.float32),
        flag=cells.flags(table, of.flag) if of.flag else np.full(count, np.nan, dtype=np.float32),
        threshold=threshold,
        threshold_column=stated,
    )
    taken = {column, of.finding, of.score, of.flag, stated} - {None}
    ignored = len(table.cells.columns) - len(taken) - owners.columns
    blocks = [_block(said, model) for model in owners.models]
    return TableSays(
        blocks=tuple(block for block in blocks if len(block.ids)),
        matches=matches,
        notes=_notes(table, ignored=ignored, unknown=int((finding < 0).sum())),
    )


def _findings(table: Table, of: Results, *, asked: Sequence[str] | None) -> tuple[Positions, tuple[FindingMatch, ...]]:
    """The finding of each row, -1 where nobody knows it, and what the table's names mean."""
    if of.finding is None:
        if asked is None or len(asked) != 1:
            raise faults.one_finding_unnamed(table.path, asked=len(asked or ()))
        own = of.score or of.flag or ""
        match = FindingMatch(own=own, finding=asked[0], grade="exact", reason="--findings names it for all rows.")
        return np.zeros(len(table.cells), dtype=np.int64), (match,)
    codes, found = pd.factorize(table.cells[of.finding].str.strip())
    of_names = [meant(str(name), asked=asked) for name in found]
    matches = tuple(match for match in of_names if match is not None)
    if not matches:
        raise faults.no_findings(table.path, asked=asked is not None)
    findings = list(dict.fromkeys(match.finding for match in matches))
    which = np.array([findings.index(match.finding) if match else -1 for match in of_names], dtype=np.int64)
    return which[codes], matches


def _block(said: _Said, model: str) -> Block:
    rows = np.flatnonzero((said.owners.model == model) & (said.finding >= 0))
    datasets, finding = said.owners.datasets[rows], said.finding[rows]
    unit, first = units(said.ids[rows], datasets)
    _check_once(said, rows=rows, cell=unit * len(said.findings) + finding)
    shape = (len(first), len(said.findings))
    speaks, probability, flagged = np.full(shape, -1, dtype=np.int64), nothing(*shape), nothing(*shape)
    speaks[unit, finding] = rows
    probability[unit, finding] = said.score[rows]
    flagged[unit, finding] = said.flag[rows]
    return Block(
        model=model,
        table=without_cells(said.table),
        column=said.column,
        ids=said.ids[rows][first],
        studies=said.owners.studies[rows][first],
        datasets=datasets[first],
        position=rows[first],
        findings=said.findings,
        said=speaks,
        probability=probability,
        flagged=flagged,
        thresholds=_thresholds(said, rows),
        threshold_column=said.threshold_column,
        versions=said.owners.versions_of(rows),
    )


def _check_once(said: _Said, *, rows: Positions, cell: Positions) -> None:
    again = pd.Series(cell).duplicated().to_numpy()
    if again.any():
        second = int(again.argmax())
        first = int((cell == cell[second]).argmax())
        earlier = said.table.place(int(rows[first]))
        raise faults.said_twice(said.table, int(rows[second]), said.column, earlier=earlier)


def _thresholds(said: _Said, rows: Positions) -> Mapping[str, tuple[float, int]]:
    stating = rows[~np.isnan(said.threshold[rows])]
    pairs = pd.DataFrame({"finding": said.finding[stating], "value": said.threshold[stating], "row": stating})
    pairs = pairs.drop_duplicates(["finding", "value"])
    others = pairs["finding"].duplicated().to_numpy()
    if others.any():
        raise faults.two_thresholds(
            said.table, int(pairs["row"].to_numpy()[others.argmax()]), said.threshold_column or ""
        )
    return {
        said.findings[int(finding)]: (float(value), int(row))
        for finding, value, row in zip(*(pairs[name].tolist() for name in pairs), strict=True)
    }


def _notes(table: Table, *, ignored: int, unknown: int) -> tuple[str, ...]:
    notes = []
    if ignored:
        notes.append(f"{table.path.name}: {ignored} columns were not taken: nothing in them is needed here.")
    if unknown:
        notes.append(
            f"{table.path.name}: {unknown} rows were not taken: they are of no finding that is known or asked for. "
            "--findings NAME takes a name that nobody knows."
        )
    return tuple(notes)
