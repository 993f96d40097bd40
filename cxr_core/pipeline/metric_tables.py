"""The tables `metric` and `gap` of a results file, from its predictions."""

import duckdb

from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.pipeline.stored_answers import classes, read
from cxr_core.progress.meter import Progress
from cxr_core.store import write


def append(
    connection: duckdb.DuckDBPyConnection,
    *,
    seed: int,
    replicates: int,
    thinned: frozenset[str] = frozenset(),
    progress: Progress,
) -> None:
    """Computes and appends every metric and every gap of a run whose answers are all in the file.

    Args:
        connection: The new results file.
        seed: The run's.
        replicates: Bootstrap replicates behind every interval.
        thinned: Datasets whose held-out images are not all answered, as `held_out.count_unpredicted` finds them.
        progress: Told how far it is.
    """
    sites, scored = read(connection, thinned=thinned)
    with progress.stage("evaluate", total=len(scored), is_estimate=True, label="evaluate", unit="policy") as meter:
        measured = measure(sites, scored, classes=classes(connection), seed=seed, replicates=replicates, meter=meter)
    write.append(connection, "metric", metric_rows(measured))
    write.append(connection, "gap", gap_rows(measured))
