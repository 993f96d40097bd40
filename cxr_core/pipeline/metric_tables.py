"""The tables of numbers of a results file, metrics, gaps and their causes, from its predictions."""

from pathlib import Path

import duckdb

from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.experiment import Experiment
from cxr_core.pipeline import evaluation_tasks, operating_points, shift_tables
from cxr_core.pipeline import primary as primaries
from cxr_core.pipeline.evaluation_tasks import EvaluationInputs
from cxr_core.pipeline.stored_answers import classes, read
from cxr_core.progress.meter import Progress
from cxr_core.store import write
from cxr_core.tasks import Executor


def append(
    connection: duckdb.DuckDBPyConnection,
    *,
    experiment: Experiment,
    thinned: frozenset[str] = frozenset(),
    progress: Progress,
    work: Path,
    executor: Executor,
) -> None:
    """Computes and appends every number of a run whose answers are all in the file: metrics, gaps and their causes.

    Args:
        connection: The new results file.
        experiment: The run's settings.
        thinned: Datasets whose held-out images are not all answered, as `held_out.count_unpredicted` finds them.
        progress: Told how far it is.
        work: A folder that all machines see, kept until the run is sealed.
        executor: Where tasks run.
    """
    sites, scored = read(connection, thinned=thinned)
    names, seed = classes(connection), experiment.seed
    primary = primaries.declared(connection, experiment)
    primaries.append(connection, primary)
    scored = operating_points.add(connection, sites, scored, primary=primary, classes=names, seed=seed)
    inputs = EvaluationInputs.written(work / "evaluation", sites, scored)
    with progress.stage("evaluate", total=len(scored), is_estimate=True, label="evaluate", unit="policy") as meter:
        measured = evaluation_tasks.measured(
            inputs, classes=names, experiment=experiment, executor=executor, meter=meter
        )
        write.append(connection, "metric", metric_rows(measured))
        write.append(connection, "gap", gap_rows(measured))
        shift_tables.append(
            connection, inputs, measured, primary=primary, classes=names, experiment=experiment, executor=executor
        )
