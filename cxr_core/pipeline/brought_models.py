"""Models that were trained elsewhere, known by the predictions that somebody brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core import files
from cxr_core.brought.assigned import Assigned, Assignment
from cxr_core.brought.records import Brought, ModelOutputs
from cxr_core.errors import DataError
from cxr_core.evaluation.flags import STATED
from cxr_core.experiment import Experiment
from cxr_core.images.harmonize import pipeline_fingerprint
from cxr_core.pipeline import seal
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.sites import Dataset, Planned
from cxr_core.pipeline.training_data import TrainingData
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.progress.report import StageName
from cxr_core.settings import PRESENT_FROM
from cxr_core.store import tables, write


@dataclass(frozen=True, kw_only=True)
class BroughtAnswers:
    """The `ModelAnswers` of brought models.

    Attributes:
        datasets: With their images; of those that not every model answers `left_out` says so.
        rows: What each model says of each dataset.
        outputs: Whether one class excludes the others.
        roles: From a dataset to the role of each of its images.
        notes: As `ModelAnswers`.
    """

    thinned: ClassVar[frozenset[str]] = frozenset()

    datasets: tuple[Dataset, ...]
    rows: tuple[Assignment, ...]
    outputs: str
    roles: Mapping[str, npt.NDArray[np.object_]]
    notes: tuple[str, ...]
    training_policies: Mapping[str, str] = field(default_factory=dict)

    def append(self, connection: duckdb.DuckDBPyConnection, dataset: str) -> None:
        """As `ModelAnswers`: what every model says of the images that all of them answer."""
        from cxr_core.ensemble import predicted

        images = next(each.images for each in self.datasets if each.name == dataset)
        asked = images["left_out"].isna().to_numpy()
        place = pd.Series(np.arange(len(images)), index=images["position"].to_numpy())
        for each in (row for row in self.rows if row.dataset == dataset):
            at = place.reindex(each.position).to_numpy()
            kept = ~np.isnan(at)
            kept[kept] = asked[at[kept].astype(np.int64)]
            if not kept.any():
                continue
            there = at[kept].astype(np.int64)
            probability = None if each.probability is None else each.probability[kept]
            classes = predicted(probability) if self.outputs == "softmax" and probability is not None else None
            answer = tables.predictions(
                each.model,
                dataset,
                images["image_id"].to_numpy(object)[there],
                role=self.roles[dataset][there],
                predicted=classes,
                probability=probability,
                flagged=None if each.flagged is None else each.flagged[kept],
            )
            write.append(connection, "prediction", answer)


@dataclass(frozen=True, kw_only=True)
class BroughtModels:
    """A `ModelSource`: predictions that were made elsewhere.

    Attributes:
        brought: The predictions.
        assigned: Which of them is of which image.
        sources: The files of predictions.
        experiment: Every setting that has a meaning for them.
        datasets: The test sets.
        threshold: The score from which a finding is called present where no file states one.
        training_data: What is known of the images that the models were trained on.
    """

    stages: ClassVar[tuple[StageName, ...]] = ("decode", "write", "evaluate")
    parent: ClassVar[None] = None

    brought: Brought
    assigned: Assigned
    sources: tuple[Path, ...]
    experiment: Experiment
    datasets: tuple[Planned, ...]
    threshold: float | None
    training_data: TrainingData

    def identity(self) -> dict[str, object]:
        """As `ModelSource`; files of predictions are known by what is in them."""
        return {
            "experiment": self.experiment.as_dict(),
            "predictions": [files.digest(path) for path in self.sources],
            "models": [model.model for model in self.brought.models],
            "names": [[each.own, each.finding, each.grade, each.reason] for each in self.brought.matches],
            "threshold": self.threshold,
            "training_data": self.training_data.as_dict(),
            "datasets": {
                planned.manifest.dataset: [planned.site, planned.manifest.fingerprint()] for planned in self.datasets
            },
            "pipeline": pipeline_fingerprint(self.experiment.network.size_px),
        }

    def check(self, workspace: Workspace) -> str:  # noqa: ARG002 -- no network is asked
        """As `ModelSource`: nothing is to be looked for."""
        return "none"

    def answers(self, datasets: Sequence[Dataset], *, context: RunContext) -> BroughtAnswers:
        """As `ModelSource`: gives every prediction its role."""
        kept = tuple(self._answered(dataset) for dataset in datasets)
        roles, said = self.training_data.roles(kept)
        rows, about_flags = _by_one_rule(self.assigned.rows)
        own = (*self.assigned.notes(), *about_flags, *said, *self._versions())
        for note in own:
            context.progress.say(f"  {note}")
        notes = (*seal.notes(kept), *own)
        return BroughtAnswers(datasets=kept, rows=rows, outputs=self.experiment.outputs, roles=roles, notes=notes)

    def append_models(self, connection: duckdb.DuckDBPyConnection, *, folder: RunFolder) -> None:  # noqa: ARG002 -- no weights
        """As `ModelSource`: the models, and the thresholds of those that have scores."""
        names = [model.model for model in self.brought.models]
        rows = pd.DataFrame({"model_id": names, "outputs": self.experiment.outputs, "origin": "brought"})
        write.append(connection, "model", rows)
        if self.experiment.outputs == "softmax":
            return
        for model in self.brought.models:
            if values := self._thresholds(model):
                write.append(connection, "threshold", tables.thresholds(model.model, values, operating_point=STATED))

    def _answered(self, dataset: Dataset) -> Dataset:
        """A dataset in which images that not every model answers are left out; a model without any answer aside."""
        images = dataset.images
        counted = [set(each.position.tolist()) for each in self.assigned.rows if each.dataset == dataset.name]
        counted = [each for each in counted if each]
        both = set.intersection(*counted) if counted else set()
        if counted and not both:
            raise DataError(
                f"{dataset.name}: expected an image that every model answers, since models are compared on the same "
                f"images; found none among {len(counted)} models. Score them one by one, or look whether the names of "
                "models are what they should be."
            )
        missing = ~images["position"].isin(both) & images["left_out"].isna()
        return replace(dataset, images=images.assign(left_out=images["left_out"].mask(missing, "not_predicted")))

    def _thresholds(self, model: ModelOutputs) -> dict[str, float]:
        if model.probability is None:
            return {}
        scored = [bool(np.isfinite(of_finding).any()) for of_finding in model.probability.T]
        otherwise = PRESENT_FROM if self.threshold is None else self.threshold
        return {
            finding: model.thresholds.get(finding, otherwise)
            for finding, has_scores in zip(self.brought.findings, scored, strict=True)
            if has_scores
        }

    def _versions(self) -> tuple[str, ...]:
        return tuple(
            f"Version of the model {model.model}, as its file states: {model.version}."
            for model in self.brought.models
            if model.version is not None
        )


def _by_one_rule(rows: Sequence[Assignment]) -> tuple[tuple[Assignment, ...], tuple[str, ...]]:
    """The same rule at every site: flags of a model that has scores too count only where it has them everywhere."""
    asked = [row for row in rows if len(row.position)]
    with_flags = {row.model for row in asked if _has_any(row.flagged)}
    mixed = {row.model for row in asked if row.model in with_flags and not _has_any(row.flagged)}
    mixed &= {row.model for row in asked if _has_any(row.probability)}
    kept = tuple(
        replace(row, flagged=None) if row.model in mixed and row.probability is not None else row for row in rows
    )
    said = tuple(
        f"The model {name} has flags at one site and scores alone at another: its flags are left out, so that both are "
        "judged by the threshold."
        for name in sorted(mixed)
    )
    return kept, said


def _has_any(values: npt.NDArray[np.float32] | None) -> bool:
    return values is not None and bool(np.isfinite(values).any())
