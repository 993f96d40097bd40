"""Wide tables: an id, and a column of scores for each finding."""

from collections.abc import Sequence

import numpy as np

from cxr_core.brought import cells, faults
from cxr_core.brought.blocks import Block, TableSays, nothing, without_cells
from cxr_core.brought.headers import Columns
from cxr_core.brought.names import meant, under_its_own
from cxr_core.brought.owners import Owners
from cxr_core.brought.records import FindingMatch
from cxr_core.datasets.tables import Table


def read_wide(
    table: Table, columns: Columns, *, column: str, owners: Owners, asked: Sequence[str] | None, logits: bool
) -> TableSays:
    """What a wide table says.

    Args:
        table: The table.
        columns: What its columns are.
        column: That of ids.
        owners: Model, data set, study and version of each row.
        asked: The findings that were asked for, None for all.
        logits: Whether scores are logits.

    Raises:
        DataError: If no column is of a finding, two are of one, or a cell is no score or no id.
    """
    matches = _matches(table, columns, asked=asked, logits=logits)
    ids = cells.ids(table, column)
    findings = tuple(each.finding for each in matches)
    probability = nothing(len(ids), len(findings))
    for place, each in enumerate(matches):
        probability[:, place] = cells.probabilities(table, each.own, logits=logits)
    bare = without_cells(table)
    blocks = []
    for model in owners.models:
        rows = owners.rows_of(model)
        shape = (len(rows), len(findings))
        blocks.append(
            Block(
                model=model,
                table=bare,
                column=column,
                ids=ids[rows],
                studies=owners.studies[rows],
                datasets=owners.datasets[rows],
                position=rows,
                findings=findings,
                said=np.broadcast_to(rows[:, None], shape),
                probability=probability[rows],
                flagged=np.broadcast_to(np.float32(np.nan), shape),
                thresholds={},
                versions=owners.versions_of(rows),
            )
        )
    ignored = len(table.cells.columns) - len(matches) - owners.columns - 1
    return TableSays(blocks=tuple(blocks), matches=matches, notes=_notes(table, ignored))


def names_a_finding(columns: Columns, *, asked: Sequence[str] | None) -> bool:
    """Whether a column has the name of a finding."""
    return any(meant(name, asked=asked) for name in columns.others)


def scores_a_finding(table: Table, columns: Columns, *, asked: Sequence[str] | None, logits: bool) -> bool:
    """Whether a column has the name of a finding, and holds scores."""
    named = (name for name in columns.others if meant(name, asked=asked))
    return any(cells.are_probabilities(table, name, logits=logits) for name in named)


def _matches(table: Table, columns: Columns, *, asked: Sequence[str] | None, logits: bool) -> tuple[FindingMatch, ...]:
    found = []
    for name in columns.others:
        match = meant(name, asked=asked)
        if match is None and asked is None and cells.are_probabilities(table, name, logits=logits):
            match = under_its_own(name)
        found += [] if match is None else [match]
    if not found:
        raise faults.no_findings(table.path, asked=asked is not None)
    for index, match in enumerate(found):
        if match.finding in [earlier.finding for earlier in found[:index]]:
            raise faults.one_finding_in_two_columns(table.path, match.finding)
    return tuple(found)


def _notes(table: Table, ignored: int) -> tuple[str, ...]:
    if not ignored:
        return ()
    what = "no finding that is known or asked for, with scores from 0 to 1"
    return (f"{table.path.name}: {ignored} columns were not taken: they are {what}.",)
