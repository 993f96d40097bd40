"""Scores an old run's members on another site: a new run, with its parent's source rows, so that it has gaps itself."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.images.harmonize import pipeline_fingerprint
from cxr_core.manifest import Manifest
from cxr_core.pipeline import (
    hashes,
    mean_maps,
    members,
    metric_tables,
    other_saliency,
    prediction_plan,
    rejected_files,
    seal,
    sites,
)
from cxr_core.pipeline.ingest import Dataset, ingest
from cxr_core.pipeline.parent import Parent, read_parent
from cxr_core.pipeline.predict import Predictor
from cxr_core.pipeline.seal import Description
from cxr_core.pipeline.workspace import ALREADY_SEALED, RunFolder, Workspace, describe_run, locked, run_folder
from cxr_core.progress import journal as journals
from cxr_core.progress.journal import Journal
from cxr_core.progress.report import StageName
from cxr_core.store import write

_STAGES: tuple[StageName, ...] = ("decode", "predict", "write", "evaluate")


def rescore(
    old: RunFolder, *, external: Sequence[Manifest], external_images: int | Literal["all"], workspace: Workspace
) -> RunFolder:
    """Scores an old run's members on other external datasets.

    Args:
        old: The sealed run.
        external: The datasets to score it on.
        external_images: About how many single-class images, or all; as in `Experiment`.
        workspace: Results, cache and device.

    Returns:
        The folder of the new, sealed run, which names its parent.

    Raises:
        CxrError: If something stands in the way that the user can mend.
    """
    started = time.time()
    parent = read_parent(old)
    experiment = replace(parent.experiment, preset="evaluate", external_images=external_images)
    pipeline = _checked_pipeline(parent, experiment, external)
    planned = sites.planned(external, site="external")
    sites.check(planned, classes=experiment.findings)
    identity: dict[str, object] = {
        "parent": old.run_id,
        "parent_sealed_at": parent.sealed_at,
        "experiment": experiment.as_dict(),
        "datasets": {one.manifest.dataset: one.manifest.fingerprint() for one in planned},
        "pipeline": pipeline,
    }
    folder = run_folder(workspace, preset="evaluate", identity=identity)
    with locked(folder):
        if folder.is_sealed:
            print(ALREADY_SEALED)
        else:
            with journals.kept(folder.path, stages=_STAGES) as journal:
                describe_run(folder, identity=identity)
                datasets = ingest(planned, experiment=experiment, workspace=workspace, journal=journal)
                rejected_files.report(datasets, folder=folder)
                seal.rehearse(datasets, pipeline=pipeline)
                trained = members.copy_members(parent.trained, folder=folder)
                described = Description(
                    run_id=folder.run_id,
                    preset="evaluate",
                    parent=old.run_id,
                    config=identity,
                    device=members.resolve_device(workspace),
                    notes=(*parent.notes, *seal.notes(datasets)),
                    started=started,
                )
                predictor = Predictor(
                    trained=trained, experiment=experiment, workspace=workspace, folder=folder, device=described.device
                )
                _seal(parent, datasets, predictor, described, journal=journal)
        shutil.rmtree(folder.work, ignore_errors=True)
    return folder


def _seal(
    parent: Parent, datasets: Sequence[Dataset], predictor: Predictor, described: Description, *, journal: Journal
) -> None:
    plans = [prediction_plan.external_plan(dataset, predictor.trained) for dataset in datasets]
    print("Predicting: probabilities, features and saliency in one pass")
    for plan in plans:
        predictor.predict(plan, journal=journal)
    print("Evaluating and writing the results")
    journal.begin("write", total=len(plans))
    results, checked = predictor.folder.results, partial(hashes.note, predictor.folder)
    with write.new_results(results, classes=predictor.experiment.findings, on_checked=checked) as connection:
        parent.copy_rows(connection)
        for dataset, plan in zip(datasets, plans, strict=True):
            seal.append_dataset(connection, dataset, training_policy=None, pipeline=parent.pipeline)
            predictor.append(connection, plan)
            other_saliency.append(
                connection,
                plan,
                predictor.trained,
                experiment=predictor.experiment,
                workspace=predictor.workspace,
                device=predictor.device,
            )
            mean_maps.append(
                connection, dataset.name, workspace=predictor.workspace, size_px=predictor.experiment.network.size_px
            )
            journal.advance()
        metric_tables.append(connection, experiment=predictor.experiment, journal=journal, thinned=parent.thinned)
        seal.append_run(connection, described)


def _checked_pipeline(parent: Parent, experiment: Experiment, external: Sequence[Manifest]) -> str:
    now = pipeline_fingerprint(experiment.network.size_px)
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
    return now
