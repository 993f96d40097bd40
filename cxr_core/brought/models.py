"""Puts together what several tables say of each model."""

from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

import numpy as np
import pandas as pd

from cxr_core.brought import faults
from cxr_core.brought.blocks import Block, TableSays, nothing, units
from cxr_core.brought.records import Brought, FindingMatch, ModelOutputs, Numbers, Places, Positions
from cxr_core.findings import MOST_CLASSES

Array = TypeVar("Array", bound=np.ndarray)


def put_together(said: Sequence[TableSays], *, asked: tuple[str, ...] | None) -> Brought:
    """All tables as one.

    Args:
        said: What each table says.
        asked: The findings that were asked for, None for those of the tables.

    Raises:
        DataError: If two rows speak of one id, data set and finding for one model, two tables state other thresholds,
            a model says nothing, or there are too many findings.
    """
    met = tuple(dict.fromkeys(match.finding for each in said for match in each.matches))
    findings = met if asked is None else asked
    blocks = [block for each in said for block in each.blocks]
    if len(findings) > MOST_CLASSES:
        raise faults.too_many(
            blocks[0].table.path,
            "findings in all files",
            found=len(findings),
            most=MOST_CLASSES,
            remedy="Choose some with --findings NAME ...",
        )
    by_model: dict[str, list[Block]] = {}
    for block in blocks:
        by_model.setdefault(block.model, []).append(block)
    models = [_model(of_model, findings=findings) for of_model in by_model.values()]
    missing = [name for name in findings if name not in met]
    notes = [note for each in said for note in each.notes]
    notes += [f"No prediction speaks of {', '.join(missing)}: unknown there."] if missing else []
    notes += [note for of_model in by_model.values() for note in _version_notes(of_model)]
    notes += [note for model in models for note in _blank_notes(model)]
    return Brought(findings=findings, matches=_each_once(said), models=tuple(models), notes=tuple(notes))


def _model(blocks: Sequence[Block], *, findings: tuple[str, ...]) -> ModelOutputs:
    ids = _joined([block.ids for block in blocks])
    datasets = _joined([block.datasets for block in blocks])
    rows = Places(
        tables=tuple(block.table for block in blocks),
        source=np.repeat(np.arange(len(blocks)), [len(block.ids) for block in blocks]),
        position=_joined([block.position for block in blocks]),
    )
    said = _joined([_spread(block, block.said, findings, fill=-1) for block in blocks])
    unit, first = units(ids, datasets)
    _check_once(unit, said, rows=rows, blocks=blocks)
    probability = _joined([_spread(block, block.probability, findings, fill=np.nan) for block in blocks])
    flagged = _joined([_spread(block, block.flagged, findings, fill=np.nan) for block in blocks])
    if np.isnan(probability).all() and np.isnan(flagged).all():
        raise faults.says_nothing(blocks[0].table.path, blocks[0].model)
    versions = frozenset().union(*(block.versions for block in blocks))
    return ModelOutputs(
        model=blocks[0].model,
        ids=ids[first],
        studies=_joined([block.studies for block in blocks])[first],
        datasets=datasets[first],
        rows=rows.take(first),
        probability=_merged(probability, unit, first),
        flagged=_merged(flagged, unit, first),
        thresholds=_thresholds(blocks),
        version=next(iter(versions)) if len(versions) == 1 else None,
    )


def _joined(arrays: Sequence[Array]) -> Array:
    """One below the other; the most frequent, that of one file, is not copied."""
    return arrays[0] if len(arrays) == 1 else cast("Array", np.concatenate(arrays))


def _spread(block: Block, values: np.ndarray, findings: tuple[str, ...], *, fill: float) -> np.ndarray:
    """The columns of a block at the places of all findings."""
    if block.findings == findings:
        return values
    spread = np.full((len(block.ids), len(findings)), fill, dtype=values.dtype)
    spread[:, [findings.index(name) for name in block.findings]] = values
    return spread


def _check_once(unit: Positions, said: Positions, *, rows: Places, blocks: Sequence[Block]) -> None:
    if len(unit) == unit.max(initial=-1) + 1:
        return
    row, column = np.nonzero(said >= 0)
    again = pd.Series(unit[row] * said.shape[1] + column).duplicated().to_numpy()
    if not again.any():
        return
    second = int(again.argmax())
    same = (unit[row] == unit[row[second]]) & (column == column[second])
    first = int(same.argmax())
    earlier, later = blocks[rows.source[row[first]]], blocks[rows.source[row[second]]]
    place = earlier.table.place(int(said[row[first], column[first]]))
    where = place if earlier.table.path == later.table.path else f"{earlier.table.path}, {place}"
    raise faults.said_twice(later.table, int(said[row[second], column[second]]), later.column, earlier=where)


def _merged(values: Numbers, unit: Positions, first: Positions) -> Numbers | None:
    """One row for each unit; None where nothing is said at all."""
    if np.isnan(values).all():
        return None
    if len(first) == len(unit):
        return values
    merged = nothing(len(first), values.shape[1])
    row, column = np.nonzero(~np.isnan(values))
    merged[unit[row], column] = values[row, column]
    return merged


def _thresholds(blocks: Sequence[Block]) -> Mapping[str, float]:
    stated: dict[str, float] = {}
    for block in blocks:
        for finding, (value, position) in block.thresholds.items():
            if stated.setdefault(finding, value) != value:
                raise faults.two_thresholds(block.table, position, block.threshold_column or "")
    return stated


def _version_notes(blocks: Sequence[Block]) -> tuple[str, ...]:
    versions = frozenset().union(*(block.versions for block in blocks))
    if len(versions) < 2:
        return ()
    return (f"The files name {len(versions)} versions of the model {blocks[0].model}: none is stored.",)


def _blank_notes(model: ModelOutputs) -> tuple[str, ...]:
    said = np.zeros(len(model.ids), dtype=bool)
    for values in (model.probability, model.flagged):
        said |= False if values is None else np.isfinite(values).any(axis=1)
    blank = int((~said).sum())
    return (f"The model {model.model} says nothing of {blank} ids: every finding is blank there.",) if blank else ()


def _each_once(said: Sequence[TableSays]) -> tuple[FindingMatch, ...]:
    matches = {(match.own, match.finding): match for each in said for match in each.matches}
    return tuple(matches.values())
