"""The numbers of a made-up run: what `carry_out` computes once its answers are in the file."""

import tempfile
from pathlib import Path

import duckdb

from cxr_core.experiment import Experiment
from cxr_core.pipeline import metric_tables
from cxr_core.progress.journal import Journal
from cxr_core.progress.meter import Progress
from cxr_core.tasks import Local


def append_numbers(connection: duckdb.DuckDBPyConnection, settings: Experiment) -> None:
    """Computes and appends every number, in this process."""
    with tempfile.TemporaryDirectory() as work:
        metric_tables.append(
            connection,
            experiment=settings,
            progress=Progress(Journal(("evaluate",))),
            work=Path(work),
            executor=Local(workers=0),
        )
