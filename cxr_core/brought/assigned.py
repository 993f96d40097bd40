"""Which prediction is of which image or study of which dataset, for all models and datasets at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from cxr_core.brought import faults, studies
from cxr_core.brought.ids import spelt_otherwise
from cxr_core.brought.joins import Join, join
from cxr_core.brought.records import Brought, ModelOutputs, Numbers, Positions
from cxr_core.brought.studies import Way, by_study, is_per_study
from cxr_core.manifest import Manifest

Unit = Literal["image", "study"]

_FIRST = 3
_PLURAL: Mapping[Unit, str] = {"image": "images", "study": "studies"}


@dataclass(frozen=True, kw_only=True)
class Reduction:
    """Predictions of images that became predictions of their studies.

    Attributes:
        how: By what.
        images: How many images they are of.
        flags_left_out: Of how many of these the flags are left out, since flags have no mean.
    """

    how: Way
    images: int
    flags_left_out: int


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What one model says of one dataset.

    Attributes:
        model: The model.
        dataset: The dataset.
        position: Shape ``(m,)``: indices into the images of the dataset's manifest in `Assigned.manifests`, ascending.
        probability: Shape ``(m, k)``, NaN where nothing is said; None for a model without scores.
        flagged: Shape ``(m, k)``: 1, 0, NaN where nothing is said; None for a model without flags.
        not_predicted: How many images of the dataset the model says nothing of.
        reduction: How these became predictions of studies; None where they are as they were brought.
    """

    model: str
    dataset: str
    position: Positions
    probability: Numbers | None
    flagged: Numbers | None
    not_predicted: int
    reduction: Reduction | None = None

    def reduced(self) -> str:
        """That predictions of images became those of studies, in a sentence; nothing where they did not."""
        if self.reduction is None:
            return ""
        by = self.reduction
        left_out = (
            f" Flags of {by.flags_left_out} images have no mean and are left out: the threshold decides."
            if by.flags_left_out
            else ""
        )
        what = f"predictions of the model {self.model} for {by.images} images became those of {len(self.position)}"
        return f"{self.dataset}: {what} studies, by --per-study {by.how}.{left_out}"


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """The predictions of all models at the images, or studies, of all datasets.

    Attributes:
        manifests: The datasets, in their order; one whose unit is the study is collapsed to studies.
        units: From a dataset to its unit.
        rows: One for each model and dataset.
        unlabelled: From a model to how many of its predictions meet no labels.
        elsewhere: From a model to how many of these are of other data sets, by a column or the command line.
        spelt_otherwise: From a model to how many ids of the rest would if case and leading zeros did not count.
    """

    manifests: tuple[Manifest, ...]
    units: Mapping[str, Unit]
    rows: tuple[Assignment, ...]
    unlabelled: Mapping[str, int]
    elsewhere: Mapping[str, int]
    spelt_otherwise: Mapping[str, int]

    def notes(self) -> tuple[str, ...]:
        """What is to be said of what did not meet, in sentences without an id."""
        missing = [
            f"{row.dataset}: {row.not_predicted} of {row.not_predicted + len(row.position)} "
            f"{_PLURAL[self.units[row.dataset]]} have no prediction of the model {row.model} and are left out."
            for row in self.rows
            if row.not_predicted
        ]
        beyond = [
            f"{count} predictions of the model {model} are of no image or study that has labels here."
            + self._why(model)
            for model, count in self.unlabelled.items()
            if count
        ]
        return (*filter(None, (row.reduced() for row in self.rows)), *missing, *beyond)

    def _why(self, model: str) -> str:
        away, alike = self.elsewhere[model], self.spelt_otherwise[model]
        of_others = f" Of {away} the data set is said to be another than those here." if away else ""
        spelt = f" Of {alike} an id differs in case or leading zeros alone: spell ids alike." if alike else ""
        return of_others + spelt


def assign(brought: Brought, manifests: Sequence[Manifest], *, per_study: Way | None = None) -> Assigned:
    """Joins predictions and labels: see `meet` for how ids are compared.

    Where a model speaks of studies, or a dataset's labels do, the study is the dataset's unit.

    Args:
        brought: The predictions.
        manifests: The datasets.
        per_study: How predictions per image become one a study, where a study is the unit; None to refuse.

    Raises:
        DataError: If ids of a model meet nothing, images of several datasets, or one image twice.
        SettingsError: If predictions are per image where a study is the unit, and `per_study` does not say how.
    """
    joins = {model.model: [join(model, each) for each in manifests] for model in brought.models}
    met = {name: _datasets_met(of) for name, of in joins.items()}
    for model in brought.models:
        _check(model, joins[model.model], manifests)
    names = [manifest.dataset for manifest in manifests]
    away = {model.model: ~(pd.isna(model.datasets) | np.isin(model.datasets, names)) for model in brought.models}
    units: dict[str, Unit] = {}
    taken, rows = [], []
    for at, manifest in enumerate(manifests):
        of_models = [(model, joins[model.model][at]) for model in brought.models]
        unit: Unit = "study" if any(each.level == "study" for _, each in of_models) else "image"
        at_unit = by_study(manifest) if unit == "study" and not is_per_study(manifest) else manifest
        units[manifest.dataset] = unit
        taken.append(at_unit)
        for model, each in of_models:
            if unit == "study":
                rows.append(_at_studies(model, each, manifest, at_unit, how=per_study))
            else:
                rows.append(_at(model, each.position, manifest))
    return Assigned(
        manifests=tuple(taken),
        units=units,
        rows=tuple(rows),
        unlabelled={name: int((count == 0).sum()) for name, count in met.items()},
        elsewhere={name: int(of_others.sum()) for name, of_others in away.items()},
        spelt_otherwise={
            model.model: spelt_otherwise(model.ids[(met[model.model] == 0) & ~away[model.model]], manifests)
            for model in brought.models
        },
    )


def _datasets_met(joins: Sequence[Join]) -> Positions:
    count: Positions = np.stack([each.position >= 0 for each in joins]).sum(axis=0)
    return count


def _check(model: ModelOutputs, joins: Sequence[Join], manifests: Sequence[Manifest]) -> None:
    count = _datasets_met(joins)
    names = [manifest.dataset for manifest in manifests]
    if not count.any():
        said = pd.Series(model.datasets)
        other = not (said.isna() | said.isin(names)).any()
        where = _first_lines(model, np.arange(len(count)))
        if other:
            raise faults.no_such_dataset(where, datasets=names)
        raise faults.none_known(where, datasets=names, spelt_otherwise=spelt_otherwise(model.ids, manifests))
    several = np.flatnonzero(count > 1)
    if len(several):
        which = [name for name, each in zip(names, joins, strict=True) if (each.position[several] >= 0).any()]
        raise faults.several_datasets(_first_lines(model, several), len(several), which)


def _first_lines(model: ModelOutputs, rows: Positions) -> str:
    """The file of the first row, and the lines of the first three in it."""
    of_file = rows[model.rows.source[rows] == model.rows.source[rows[0]]][:_FIRST]
    others = "".join(f", {model.rows.line(row)}" for row in of_file[1:])
    return model.rows.where(rows[0]) + others


def _at_studies(
    model: ModelOutputs, joined: Join, manifest: Manifest, at_unit: Manifest, *, how: Way | None
) -> Assignment:
    ids = at_unit.images["image_id"]
    of_image = np.append(pd.Index(ids).get_indexer(manifest.images["study_id"]), -1)
    position = of_image[joined.position]
    again = pd.Series(position[position >= 0]).duplicated()
    if joined.is_of_studies or not again.any():
        return _at(model, position, at_unit)
    rows = np.flatnonzero(position >= 0)
    if how is None:
        raise faults.per_image(_first_lines(model, rows), manifest.dataset)
    study = np.append(ids.to_numpy(dtype=object), [None])[position]
    reduced = studies.per_study(model, study=study, how=how)
    has_flags = np.zeros(len(rows)) if model.flagged is None else np.isfinite(model.flagged[rows]).any(axis=1)
    by = Reduction(how=how, images=len(rows), flags_left_out=int(has_flags.sum()) if how == "mean" else 0)
    at_studies = _at(reduced, pd.Index(ids).get_indexer(reduced.ids).astype(np.int64), at_unit)
    return replace(at_studies, reduction=by)


def _at(model: ModelOutputs, position: Positions, manifest: Manifest) -> Assignment:
    rows = np.flatnonzero(position >= 0)
    rows = rows[np.argsort(position[rows], kind="stable")]
    found = position[rows]
    again = np.flatnonzero(found[1:] == found[:-1])
    if len(again):
        earlier, later = rows[again[0]], rows[again[0] + 1]
        raise faults.one_image_twice(model.rows.where(later), model.rows.where(earlier))
    return Assignment(
        model=model.model,
        dataset=manifest.dataset,
        position=found,
        probability=None if model.probability is None else model.probability[rows],
        flagged=None if model.flagged is None else model.flagged[rows],
        not_predicted=len(manifest.images) - len(found),
    )
