"""A new run: its stages in order, each going on where an earlier attempt stopped."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from cxr_core import files
from cxr_core.experiment import Experiment
from cxr_core.images.harmonize import pipeline_fingerprint
from cxr_core.manifest import Manifest
from cxr_core.pipeline import (
    hashes,
    mean_maps,
    members,
    metric_tables,
    models,
    other_saliency,
    predict,
    prediction_plan,
    rejected_files,
    seal,
    sites,
)
from cxr_core.pipeline.ingest import Dataset, ingest
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.plan import Plan, draw_plan
from cxr_core.pipeline.prediction_plan import PredictionPlan
from cxr_core.pipeline.seal import Description
from cxr_core.pipeline.sites import Planned
from cxr_core.pipeline.workspace import ALREADY_SEALED, RunFolder, Workspace, describe_run, locked, run_folder
from cxr_core.progress import journal as journals
from cxr_core.progress.journal import Journal
from cxr_core.progress.report import StageName
from cxr_core.store import write

_STAGES: tuple[StageName, ...] = ("decode", "train", "predict", "write", "evaluate")


def run(
    experiment: Experiment, *, source: Sequence[Manifest], external: Sequence[Manifest], workspace: Workspace
) -> RunFolder:
    """Trains at one site, tests internally and externally, and seals the results.

    Args:
        experiment: Every setting.
        source: The source's datasets; the first is trained on.
        external: The external datasets.
        workspace: Results, cache and device.

    Returns:
        The folder of the sealed run; an already sealed run of these settings is returned as it is.

    Raises:
        CxrError: If something stands in the way that the user can mend. What was finished by then is kept.
    """
    started = time.time()
    planned = sites.planned(source, site="source") + sites.planned(external, site="external")
    sites.check(planned, classes=experiment.findings)
    identity = _identity(experiment, planned)
    folder = run_folder(workspace, preset=experiment.preset, identity=identity)
    with locked(folder):
        if folder.is_sealed:
            print(ALREADY_SEALED)
        else:
            with journals.kept(folder.path, stages=_STAGES) as journal:
                device = members.check_trainable(planned[0].manifest, experiment=experiment, workspace=workspace)
                describe_run(folder, identity=identity)
                datasets = ingest(planned, experiment=experiment, workspace=workspace, journal=journal)
                rejected_files.report(datasets, folder=folder)
                seal.rehearse(datasets, pipeline=pipeline_fingerprint(experiment.network.size_px))
                plan = draw_plan(datasets[0], experiment=experiment)
                for said in plan.notes:
                    print(f"  {said}")
                print(f"Training {len(plan.members)} networks on {device}")
                members.train(
                    plan, experiment=experiment, workspace=workspace, folder=folder, device=device, journal=journal
                )
                described = Description(
                    run_id=folder.run_id,
                    preset=experiment.preset,
                    parent=None,
                    config=identity,
                    device=device,
                    notes=(*seal.notes(datasets), *plan.notes, *members.notes(experiment)),
                    started=started,
                )
                _seal(
                    plan,
                    datasets,
                    described,
                    experiment=experiment,
                    workspace=workspace,
                    folder=folder,
                    journal=journal,
                )
        shutil.rmtree(folder.work, ignore_errors=True)
    return folder


def _seal(
    plan: Plan,
    datasets: Sequence[Dataset],
    described: Description,
    *,
    experiment: Experiment,
    workspace: Workspace,
    folder: RunFolder,
    journal: Journal,
) -> None:
    trained = _trained(plan, folder=folder)
    asked = [_source_plan(plan, datasets[0], experiment=experiment)]
    asked += [prediction_plan.external_plan(dataset, trained) for dataset in datasets[1:]]
    predictor = predict.Predictor(
        trained=trained, experiment=experiment, workspace=workspace, folder=folder, device=described.device
    )
    print("Predicting: probabilities, features and saliency in one pass")
    for one in asked:
        predictor.predict(one, journal=journal)
    print("Evaluating and writing the results")
    plan.dataset.images["left_out"] = plan.left_out
    pipeline = pipeline_fingerprint(experiment.network.size_px)
    journal.begin("write", total=len(asked))
    classes, checked = experiment.findings, partial(hashes.note, folder)
    with write.new_results(folder.results, classes=classes, on_checked=checked) as connection:
        for dataset in datasets:
            policy = plan.policy if dataset is plan.dataset else None
            seal.append_dataset(connection, dataset, training_policy=policy, pipeline=pipeline)
        models.append(connection, plan.members, experiment=experiment, folder=folder)
        for one in asked:
            predictor.append(connection, one)
            other_saliency.append(
                connection, one, trained, experiment=experiment, workspace=workspace, device=described.device
            )
            mean_maps.append(connection, one.dataset.name, workspace=workspace, size_px=experiment.network.size_px)
            journal.advance()
        metric_tables.append(connection, experiment=experiment, journal=journal)
        seal.append_run(connection, described)


def _identity(experiment: Experiment, planned: Sequence[Planned]) -> dict[str, object]:
    """Everything that makes a run what it is, without any path of this machine."""
    weights = Path(experiment.network.weights)
    named = replace(experiment, network=replace(experiment.network, weights=weights.name))
    return {
        "experiment": named.as_dict(),
        "weights": files.digest(weights) if weights.is_file() else None,
        "datasets": {one.manifest.dataset: one.manifest.fingerprint() for one in planned},
        "pipeline": pipeline_fingerprint(experiment.network.size_px),
    }


def _source_plan(plan: Plan, dataset: Dataset, *, experiment: Experiment) -> PredictionPlan:
    return PredictionPlan(dataset=dataset, roles=plan.roles, in_folds=experiment.folds is not None)


def _trained(plan: Plan, *, folder: RunFolder) -> list[Trained]:
    return [
        Trained(member=member, weights=members.weights_file(folder, member.model_id), seen=plan.seen(member))
        for member in plan.members
    ]
