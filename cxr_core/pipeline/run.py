"""One way through a run, wherever its models come from: stages in order, each going on where an earlier one stopped."""

import shutil
import time
from functools import partial
from pathlib import Path

from cxr_core.images.harmonize import pipeline_fingerprint
from cxr_core.pipeline import hashes, metric_tables, primary, rejected_files, seal, sites
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.inclusion import Inclusion
from cxr_core.pipeline.ingest import ingest
from cxr_core.pipeline.model_source import ModelAnswers, ModelSource
from cxr_core.pipeline.seal import Description
from cxr_core.pipeline.workspace import ALREADY_SEALED, RunFolder, Workspace, describe_run, locked, run_folder
from cxr_core.progress import journal as journals
from cxr_core.progress.meter import Progress
from cxr_core.store import write


def carry_out(source: ModelSource, *, workspace: Workspace) -> RunFolder:
    """Tests models internally and externally, and seals the results.

    Args:
        source: Where the models come from, with the run's settings and datasets.
        workspace: Results, cache and device.

    Returns:
        The folder of the sealed run; an already sealed run of these settings is returned as it is.

    Raises:
        CxrError: If something stands in the way that the user can mend. What was finished by then is kept.
    """
    started = time.time()
    sites.check(source.datasets, classes=source.experiment.findings)
    primary.check(source.experiment, source.datasets)
    identity = source.identity()
    folder = run_folder(workspace, preset=source.experiment.preset, identity=identity)
    with locked(folder):
        if folder.is_sealed:
            print(ALREADY_SEALED)
        else:
            with journals.kept(folder.path, stages=source.stages) as journal:
                device = source.check(workspace)
                describe_run(folder, identity=identity)
                with workspace.machines.opened(
                    workers=workspace.workers, work=folder.work, roots=_roots(source, workspace=workspace)
                ) as executor:
                    context = RunContext(
                        workspace=workspace,
                        folder=folder,
                        executor=executor,
                        device=device,
                        progress=Progress(journal),
                    )
                    answers = _answers(source, context=context)
                    described = Description(
                        run_id=folder.run_id,
                        preset=source.experiment.preset,
                        parent=source.parent,
                        config=identity,
                        device=device,
                        notes=answers.notes,
                        started=started,
                    )
                    _seal(source, answers, described, context=context)
        shutil.rmtree(folder.work, ignore_errors=True)
    return folder


def _roots(source: ModelSource, *, workspace: Workspace) -> dict[str, Path]:
    """By name the folders that the paths of tasks lie under."""
    datasets = {planned.manifest.dataset: planned.manifest.root for planned in source.datasets}
    return {**datasets, "results": workspace.results, "cache": workspace.cache}


def _answers(source: ModelSource, *, context: RunContext) -> ModelAnswers:
    experiment, size_px = source.experiment, source.experiment.network.size_px
    inclusion = Inclusion(views=experiment.views, external_images=experiment.external_images, seed=experiment.seed)
    datasets = ingest(source.datasets, inclusion=inclusion, size_px=size_px, context=context)
    rejected_files.report(datasets, context=context)
    seal.rehearse(datasets, pipeline=pipeline_fingerprint(size_px))
    return source.answers(datasets, context=context)


def _seal(source: ModelSource, answers: ModelAnswers, described: Description, *, context: RunContext) -> None:
    context.progress.say("Evaluating and writing the results")
    experiment, folder, progress = source.experiment, context.folder, context.progress
    pipeline = pipeline_fingerprint(experiment.network.size_px)
    classes, checked = experiment.findings, partial(hashes.note, folder)
    with write.new_results(folder.results, classes=classes, on_checked=checked) as connection:
        with progress.stage("write", total=len(answers.datasets)) as meter:
            source.append_models(connection, folder=folder)
            for dataset in answers.datasets:
                policy = answers.training_policies.get(dataset.name)
                seal.append_dataset(connection, dataset, training_policy=policy, pipeline=pipeline)
            for dataset in answers.datasets:
                answers.append(connection, dataset.name)
                meter.advance()
        metric_tables.append(
            connection,
            experiment=experiment,
            thinned=answers.thinned,
            progress=progress,
            work=folder.work,
            executor=context.executor,
        )
        seal.append_run(connection, described)
