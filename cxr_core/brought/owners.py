"""Whose the rows of a table are: model, version, data set and study of each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxr_core.brought import cells, faults
from cxr_core.brought.blocks import UNNAMED
from cxr_core.brought.headers import Columns
from cxr_core.brought.records import NamedFile, Positions, Words
from cxr_core.datasets.tables import Table

MOST_MODELS = 30


@dataclass(frozen=True, kw_only=True)
class Owners:
    """Of each of n rows.

    Attributes:
        model: Shape ``(n,)``, str.
        models: Each once, in the order met.
        versions: Shape ``(n,)``, None where it is not said.
        datasets: Shape ``(n,)``, None where it is not said.
        studies: Shape ``(n,)``, None where no column beside that of ids says it.
        columns: How many columns say all that.
    """

    model: Words
    models: tuple[str, ...]
    versions: Words
    datasets: Words
    studies: Words
    columns: int

    def rows_of(self, model: str) -> Positions:
        """Which rows are a model's."""
        return np.flatnonzero(self.model == model)

    def versions_of(self, rows: Positions) -> frozenset[str]:
        """What versions some rows name."""
        said = self.versions[rows]
        return frozenset(str(name) for name in pd.unique(said[said != np.array(None)]))


def owners(table: Table, columns: Columns, *, file: NamedFile) -> Owners:
    """Whose the rows are; what the command line says of the file goes before its cells.

    Raises:
        DataError: If the file is named as one model's and its rows name several, only some of them name one, or there
            are too many models.
    """
    of = columns.of
    model = cells.words(table, of.get("model"))
    named = tuple(str(name) for name in pd.unique(model[model != np.array(None)]))
    if len(named) > MOST_MODELS:
        remedy = "A column 'model' names the network that made a prediction."
        raise faults.too_many(table.path, "models", found=len(named), most=MOST_MODELS, remedy=remedy)
    if file.model is not None and len(named) > 1:
        raise faults.two_names(table.path, of["model"], len(named))
    if file.model is None and named:
        table.check(
            model == np.array(None),
            column=of["model"],
            expected="a model in each row, or in none",
            remedy="Fill the column, or give the rows of each model in a file of its own as NAME=FILE.",
        )
    if file.model is not None or not named:
        model = np.full(len(model), file.model or UNNAMED, dtype=object)
    datasets = cells.words(table, of.get("dataset"))
    if file.dataset is not None:
        datasets[datasets == np.array(None)] = file.dataset
    beside = of.get("study") if "id" in of else None
    return Owners(
        model=model,
        models=tuple(str(name) for name in pd.unique(model)),
        versions=cells.words(table, of.get("version")),
        datasets=datasets,
        studies=cells.words(table, beside),
        columns=sum(role in of for role in ("model", "version", "dataset")) + (beside is not None),
    )
