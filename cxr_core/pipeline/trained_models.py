"""Models that a run trains itself, at its source site."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import duckdb
import pandas as pd

from cxr_core import files, roles
from cxr_core.experiment import Experiment
from cxr_core.images.harmonize import pipeline_fingerprint
from cxr_core.manifest import Manifest
from cxr_core.pipeline import members, prediction_plan, seal, sites
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.plan import draw_plan, training_policy
from cxr_core.pipeline.predict import NetworkAnswers
from cxr_core.pipeline.prediction_plan import PredictionPlan
from cxr_core.pipeline.sites import Dataset, Planned
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.progress.report import StageName
from cxr_core.roles import Member, fold_ensemble, pooled_ensemble
from cxr_core.settings import PRESENT_FROM
from cxr_core.store import tables, write


@dataclass(frozen=True, kw_only=True)
class TrainedModels:
    """A `ModelSource`: members that are trained on the first of the datasets.

    Attributes:
        experiment: Every setting.
        datasets: The source's, the one that is trained on first, and then the external ones.
    """

    stages: ClassVar[tuple[StageName, ...]] = ("decode", "train", "predict", "write", "evaluate")
    parent: ClassVar[None] = None

    experiment: Experiment
    datasets: tuple[Planned, ...]

    def identity(self) -> dict[str, object]:
        """As `ModelSource`; a file of starting weights is known by its name and what is in it."""
        network = self.experiment.network
        weights = Path(network.weights)
        return {
            "experiment": replace(self.experiment, network=replace(network, weights=weights.name)).as_dict(),
            "weights": files.digest(weights) if weights.is_file() else None,
            "datasets": {planned.manifest.dataset: planned.manifest.fingerprint() for planned in self.datasets},
            "pipeline": pipeline_fingerprint(network.size_px),
        }

    def check(self, workspace: Workspace) -> str:
        """As `ModelSource`: whether policy, device and starting weights are there and fit."""
        from cxr_core.network import build

        network, n_classes = self.experiment.network, len(self.experiment.findings)
        training_policy(
            self.datasets[0].manifest, name=self.experiment.training_policy, outputs=self.experiment.outputs
        )
        device = members.resolve_device(workspace)
        build(network, n_classes=n_classes, generator_seed=0, weights_folder=workspace.weights)
        for note in _notes_on_weights(network.weights):
            print(note)
        return device

    def answers(self, datasets: Sequence[Dataset], *, context: RunContext) -> NetworkAnswers:
        """As `ModelSource`: trains every member on the first dataset, then asks each about all of them."""
        experiment = self.experiment
        plan = draw_plan(datasets[0], experiment=experiment)
        for note in plan.notes:
            context.progress.say(f"  {note}")
        context.progress.say(f"Training {len(plan.members)} networks on {context.device}")
        members.train(plan, seed=experiment.seed, network=experiment.network, recipe=experiment.recipe, context=context)
        trained = [
            Trained(
                member=member, weights=members.weights_file(context.folder, member.model_id), seen=plan.seen(member)
            )
            for member in plan.members
        ]
        source = replace(plan.dataset, images=plan.dataset.images.assign(left_out=plan.left_out))
        internal = PredictionPlan(dataset=source, roles=plan.roles, in_folds=experiment.folds is not None)
        external = [prediction_plan.external_plan(dataset, trained) for dataset in datasets[1:]]
        answers = NetworkAnswers(
            trained=trained,
            plans=(internal, *external),
            network=experiment.network,
            outputs=experiment.outputs,
            not_trained=plan.not_trained,
            saliency=experiment.saliency,
            seed=experiment.seed,
            context=context,
            training_policies={source.name: plan.policy},
            notes=(*seal.notes(datasets), *plan.notes, *_notes_on_weights(experiment.network.weights)),
        )
        answers.predict()
        return answers

    def append_models(self, connection: duckdb.DuckDBPyConnection, *, folder: RunFolder) -> None:
        """As `ModelSource`."""
        experiment = self.experiment
        trained = roles.members(experiment.regimes, count=experiment.members, folds=experiment.folds)
        _append_members(connection, trained, experiment=experiment, folder=folder)


def trained_models(
    experiment: Experiment, *, source: Sequence[Manifest], external: Sequence[Manifest]
) -> TrainedModels:
    """Models to be trained at one site and tested at others.

    Args:
        experiment: Every setting.
        source: The source's datasets; the first is trained on.
        external: The external datasets.
    """
    planned = sites.planned(source, site="source") + sites.planned(external, site="external")
    return TrainedModels(experiment=experiment, datasets=tuple(planned))


def _notes_on_weights(weights: str) -> tuple[str, ...]:
    """What a reader of the numbers must know of the starting weights: which entry of a checkpoint they are.

    Raises:
        DataError: If there is no such file, or it cannot be read.
    """
    from cxr_core.network.starting_weights import started_from_note

    note = started_from_note(weights)
    return () if note is None else (note,)


def _append_members(
    connection: duckdb.DuckDBPyConnection,
    trained: Sequence[Member],
    *,
    experiment: Experiment,
    folder: RunFolder,
) -> None:
    """Appends the members of a run, their epochs, and the ensembles that they make.

    Args:
        connection: The new results file.
        trained: The members, whose weights are in the folder.
        experiment: The run's settings.
        folder: The run's.
    """
    from cxr_core.network.tensor_file import read_metadata
    from cxr_core.training import read_epochs

    weights = [members.weights_file(folder, member.model_id) for member in trained]
    sizes = [int(read_metadata(file)["parameters"]) for file in weights]
    models: list[dict[str, object]] = [
        {
            "model_id": member.model_id,
            "regime": member.regime,
            "fold": member.fold,
            "member": member.number,
            "weights_file": file.relative_to(folder.path).as_posix(),
            "parameters": size,
        }
        for member, file, size in zip(trained, weights, sizes, strict=True)
    ]
    epochs = [
        {
            "model_id": member.model_id,
            "epoch": epoch.epoch,
            "train_loss": epoch.train_loss,
            "held_out_loss": epoch.held_out_loss,
            "seconds": epoch.seconds,
            "learning_rate": epoch.learning_rate,
        }
        for member, file in zip(trained, weights, strict=True)
        for epoch in read_epochs(file)
    ]
    common = {
        "seed": experiment.seed,
        "architecture": experiment.network.architecture,
        "outputs": experiment.outputs,
        "origin": "trained",
    }
    rows = pd.DataFrame(models + _ensembles(trained, sizes)).assign(**common)
    write.append(connection, "model", rows)
    write.append(connection, "epoch", pd.DataFrame(epochs))
    if experiment.outputs == "sigmoid":
        stated = dict.fromkeys(experiment.findings, PRESENT_FROM)
        for model_id in rows["model_id"]:
            write.append(connection, "threshold", tables.thresholds(model_id, stated, operating_point="stated"))


def _ensembles(trained: Sequence[Member], sizes: Sequence[int]) -> list[dict[str, object]]:
    """One of each regime; with folds one of each fold too, and one that pools them all."""
    found: dict[str, dict[str, object]] = {}
    parameters: dict[str, int] = {}
    for member, size in zip(trained, sizes, strict=True):
        own: dict[str, int | None] = {member.regime: None}
        if member.fold is not None:
            own |= {fold_ensemble(member.regime, member.fold): member.fold, pooled_ensemble(member.regime): None}
        for model_id, fold in own.items():
            parameters[model_id] = parameters.get(model_id, 0) + size
            found[model_id] = {"model_id": model_id, "regime": member.regime, "fold": fold}
    return [{**row, "parameters": parameters[model_id]} for model_id, row in found.items()]
