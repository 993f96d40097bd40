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
    answering,
    answers,
    evaluated,
    hashes,
    mean_maps,
    members,
    models,
    other_saliency,
    place,
    seal,
    set_aside,
    sites,
)
from cxr_core.pipeline.answering import Answering
from cxr_core.pipeline.bring_in import Dataset, brought_in
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.place import Place, RunFolder
from cxr_core.pipeline.plan import Plan, plan
from cxr_core.pipeline.seal import Description
from cxr_core.pipeline.sites import Planned
from cxr_core.progress import journal as journals
from cxr_core.progress.journal import Journal
from cxr_core.progress.report import StageName
from cxr_core.store import write

_STAGES: tuple[StageName, ...] = ("decode", "train", "predict", "write", "evaluate")


def run(experiment: Experiment, *, source: Sequence[Manifest], external: Sequence[Manifest], where: Place) -> RunFolder:
    """Trains at one site, tests internally and externally, and seals the results.

    Args:
        experiment: Every setting.
        source: The source's datasets; the first is trained on.
        external: The external datasets.
        where: Results, cache and device.

    Returns:
        The folder of the sealed run; an already sealed run of these settings is returned as it is.

    Raises:
        CxrError: If something stands in the way that the user can mend. What was finished by then is kept.
    """
    started = time.time()
    planned = sites.planned(source, site="source") + sites.planned(external, site="external")
    sites.check(planned, classes=experiment.findings)
    identity = _identity(experiment, planned)
    folder = place.run_folder(where, preset=experiment.preset, identity=identity)
    with place.held(folder):
        if folder.is_sealed:
            print(place.ALREADY_SEALED)
        else:
            with journals.kept(folder.path, stages=_STAGES) as journal:
                device = members.ready(planned[0].manifest, experiment=experiment, place=where)
                place.describe(folder, identity=identity)
                datasets = brought_in(planned, experiment=experiment, place=where, journal=journal)
                set_aside.tell(datasets, folder=folder)
                seal.rehearse(datasets, pipeline=pipeline_fingerprint(experiment.network.size_px))
                drawn = plan(datasets[0], experiment=experiment)
                for said in drawn.notes:
                    print(f"  {said}")
                print(f"Training {len(drawn.members)} networks on {device}")
                members.train(drawn, experiment=experiment, place=where, folder=folder, device=device, journal=journal)
                described = Description(
                    run_id=folder.run_id,
                    preset=experiment.preset,
                    parent=None,
                    config=identity,
                    device=device,
                    notes=(*seal.notes(datasets), *drawn.notes, *members.notes(experiment)),
                    started=started,
                )
                _seal(drawn, datasets, described, experiment=experiment, where=where, folder=folder, journal=journal)
        shutil.rmtree(folder.work, ignore_errors=True)
    return folder


def _seal(
    drawn: Plan,
    datasets: Sequence[Dataset],
    described: Description,
    *,
    experiment: Experiment,
    where: Place,
    folder: RunFolder,
    journal: Journal,
) -> None:
    trained = _trained(drawn, folder=folder)
    asked = [_at_home(drawn, datasets[0], experiment=experiment)]
    asked += [answering.elsewhere(dataset, trained) for dataset in datasets[1:]]
    predictor = answers.Predictor(
        trained=trained, experiment=experiment, place=where, folder=folder, device=described.device
    )
    print("Predicting: probabilities, features and saliency in one pass")
    for one in asked:
        predictor.predict(one, journal=journal)
    print("Evaluating and writing the results")
    drawn.dataset.images["left_out"] = drawn.left_out
    pipeline = pipeline_fingerprint(experiment.network.size_px)
    journal.begin("write", total=len(asked))
    classes, checked = experiment.findings, partial(hashes.note, folder)
    with write.new_results(folder.results, classes=classes, on_checked=checked) as connection:
        for dataset in datasets:
            policy = drawn.policy if dataset is drawn.dataset else None
            seal.append_dataset(connection, dataset, training_policy=policy, pipeline=pipeline)
        models.append(connection, drawn.members, experiment=experiment, folder=folder)
        for one in asked:
            predictor.append(connection, one)
            other_saliency.append(connection, one, trained, experiment=experiment, place=where, device=described.device)
            mean_maps.append(connection, one.dataset.name, place=where, size_px=experiment.network.size_px)
            journal.advance()
        evaluated.append(connection, experiment=experiment, journal=journal)
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


def _at_home(drawn: Plan, dataset: Dataset, *, experiment: Experiment) -> Answering:
    return Answering(dataset=dataset, roles=drawn.roles, in_folds=experiment.folds is not None)


def _trained(drawn: Plan, *, folder: RunFolder) -> list[Trained]:
    return [
        Trained(member=member, weights=members.weights_file(folder, member.model_id), seen=drawn.seen(member))
        for member in drawn.members
    ]
