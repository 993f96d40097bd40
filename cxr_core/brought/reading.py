"""Reads tables of predictions in every form that people have them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import expit

from cxr_core.brought import faults, headers
from cxr_core.brought.blocks import TableSays
from cxr_core.brought.long import read_long
from cxr_core.brought.models import put_together
from cxr_core.brought.owners import owners
from cxr_core.brought.records import Brought, NamedFile
from cxr_core.brought.wide import names_a_finding, read_wide, scores_a_finding
from cxr_core.datasets.tables import read_table
from cxr_core.findings import named

_LOGIT_0, _LOGIT_1 = np.float32(expit(0)), np.float32(expit(1))


def read(files: Sequence[NamedFile], *, findings: Sequence[str] | None, logits: bool = False) -> Brought:
    """What files of predictions say: each wide or long, told by its header.

    Args:
        files: The files, with the name of the model and of the data set where the command line gives one. What neither
            a file nor the command line names is one model, called ``model``.
        findings: The findings that were asked for, None for those of the files.
        logits: Whether scores are logits, which become probabilities.

    Raises:
        DataError: If a file is no table of predictions, or a cell is not what it should be. Messages give the file, the
            line and the column, and never a cell.
        ValueError: If there is no file.
    """
    if not files:
        raise ValueError("expected at least one file of predictions.")
    asked = None if findings is None else named(findings)
    said = [_read_one(file, asked=asked, logits=logits) for file in files]
    brought = put_together(said, asked=asked)
    return replace(brought, notes=(*brought.notes, *_logit_notes(brought))) if logits else brought


def _logit_notes(brought: Brought) -> tuple[str, ...]:
    """Of models whose logits all lie in [0, 1], as probabilities do."""
    return tuple(
        f"All scores of the model {model.model} lie from 0 to 1, and --logits took them for logits. If they are "
        "probabilities, leave it out."
        for model in brought.models
        if model.probability is not None
        and float(np.nanmin(model.probability)) >= _LOGIT_0
        and float(np.nanmax(model.probability)) <= _LOGIT_1
    )


def _read_one(file: NamedFile, *, asked: tuple[str, ...] | None, logits: bool) -> TableSays:
    table = read_table(file.path, required=(), private=True)
    columns = headers.columns([str(name) for name in table.cells.columns])
    column = columns.of.get("id") or columns.of.get("study")
    if column is None:
        raise faults.no_id(file.path, len(table.cells.columns))
    of_rows = owners(table, columns, file=file)
    has_result = bool(columns.results) or any(role in columns.of for role in ("score", "flag"))
    is_wide = names_a_finding(columns, asked=asked)
    if has_result and ("finding" in columns.of or not is_wide):
        if is_wide and scores_a_finding(table, columns, asked=asked, logits=logits):
            raise faults.two_forms(file.path)
        return read_long(table, columns, column=column, owners=of_rows, asked=asked, logits=logits)
    if "finding" in columns.of and not is_wide:
        raise faults.no_result(file.path)
    return read_wide(table, columns, column=column, owners=of_rows, asked=asked, logits=logits)
