"""Models that a run inherits from an old one, with its source rows, so that it has gaps itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import duckdb

from cxr_core import files
from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.images.harmonize import pipeline_fingerprint
from cxr_core.manifest import Manifest
from cxr_core.pipeline import members, prediction_plan, seal, sites
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.parent import Parent, read_parent
from cxr_core.pipeline.predict import NetworkAnswers
from cxr_core.pipeline.sites import Dataset, Planned
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.progress.report import StageName


@dataclass(frozen=True, kw_only=True)
class InheritedModels:
    """A `ModelSource`: an old run's members, asked about other external datasets.

    Attributes:
        old: The run that they come from.
        experiment: Its settings, but for the preset and the number of external images.
        datasets: The external ones.
    """

    stages: ClassVar[tuple[StageName, ...]] = ("decode", "predict", "write", "evaluate")

    old: Parent
    experiment: Experiment
    datasets: tuple[Planned, ...]

    @property
    def parent(self) -> str:
        """As `ModelSource`."""
        return self.old.folder.run_id

    def identity(self) -> dict[str, object]:
        """As `ModelSource`."""
        return {
            "parent": self.parent,
            "parent_sealed_at": self.old.sealed_at,
            "experiment": self.experiment.as_dict(),
            "datasets": {planned.manifest.dataset: planned.manifest.fingerprint() for planned in self.datasets},
            "pipeline": self.old.pipeline,
        }

    def check(self, workspace: Workspace) -> str:
        """As `ModelSource`."""
        return members.resolve_device(workspace)

    def answers(self, datasets: Sequence[Dataset], *, context: RunContext) -> NetworkAnswers:
        """As `ModelSource`: copies the members, then asks each about all datasets."""
        trained = _copied(self.old.trained, folder=context.folder)
        answers = NetworkAnswers(
            trained=trained,
            plans=tuple(prediction_plan.external_plan(dataset, trained) for dataset in datasets),
            network=self.experiment.network,
            outputs=self.experiment.outputs,
            not_trained=self.old.not_trained,
            saliency=self.experiment.saliency,
            seed=self.experiment.seed,
            context=context,
            notes=(*self.old.notes, *seal.notes(datasets)),
            thinned=self.old.thinned,
        )
        answers.predict()
        return answers

    def append_models(self, connection: duckdb.DuckDBPyConnection, *, folder: RunFolder) -> None:  # noqa: ARG002 -- its weights are named as in the old one
        """As `ModelSource`: the models' rows and those of the source site, copied."""
        self.old.copy_rows(connection)


def inherited_models(
    old: RunFolder, *, external: Sequence[Manifest], external_images: int | Literal["all"]
) -> InheritedModels:
    """An old run's members, to be tested on other external datasets.

    Args:
        old: The sealed run.
        external: The datasets.
        external_images: About how many single-class images, or all; as in `Experiment`.

    Raises:
        CxrError: If the old run cannot be read, or these datasets cannot be compared with its own.
    """
    parent = read_parent(old)
    experiment = replace(parent.experiment, preset="evaluate", external_images=external_images)
    _check_comparable(parent, external, size_px=experiment.network.size_px)
    planned = sites.planned(external, site="external")
    return InheritedModels(old=parent, experiment=experiment, datasets=tuple(planned))


def _copied(trained: Sequence[Trained], *, folder: RunFolder) -> list[Trained]:
    """The members with weights of their own, so that the new run can be scored again without its parent."""
    copied = []
    for one in trained:
        own = members.weights_file(folder, one.member.model_id)
        if not own.exists():
            files.copy(one.weights, own)
        copied.append(replace(one, weights=own))
    return copied


def _check_comparable(parent: Parent, external: Sequence[Manifest], *, size_px: int) -> None:
    now = pipeline_fingerprint(size_px)
    if now != parent.pipeline:
        raise SettingsError(
            f"The images of the run {parent.folder.run_id!r} were brought to one form by another version "
            f"({parent.pipeline}, now {now}), so that a new site would not be compared like with like. Train it again."
        )
    for manifest in external:
        if manifest.dataset in parent.datasets:
            raise SettingsError(
                f"{manifest.dataset} is where the run {parent.folder.run_id!r} was trained. Name another site."
            )
