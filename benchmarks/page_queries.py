"""What each page asks of ten million predictions, against pandas that reads the needed columns from Parquet.

Ours are all queries of the page as the dashboard asks them, on a connection just opened. Theirs is the reading alone,
once a page, of the columns that these queries scan; nothing is computed from them. Neither has anything cached but
what the system keeps of files.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from benchmarks.asked_queries import Asked, asked_by, columns_of
from benchmarks.parquet_copy import write_parquet
from benchmarks.timing import ROUNDS, Measured, alternating, smaller
from cxr_core.store.open import open_run
from tests.support.big_run.size import TEN_MILLION, Size
from tests.support.big_run.writing import write_run

_PREFIX = "page_"
WHAT = "pandas.read_parquet of the columns that the queries scan, scores in columns of their own; nothing computed"


def measure(names: Sequence[str]) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        yield from against(names, Path(folder), size=TEN_MILLION)


def against(names: Sequence[str], folder: Path, *, size: Size, rounds: int = ROUNDS) -> Iterator[Measured]:
    """Each page's queries and their reading, in turn.

    Args:
        names: Of the rows.
        folder: An empty one.
        size: Of the run that is made up.
        rounds: How often.
    """
    run = write_run(folder / "results", size=size)
    asked = {name: asked_by(name.removeprefix(_PREFIX), results=folder / "results") for name in names}
    scanned = {name: columns_of(run, queries) for name, queries in asked.items()}
    copies = {
        table: write_parquet(run, table, folder=folder)
        for table in sorted({table for tables in scanned.values() for table in tables})
    }
    for name in names:
        files = {
            copies[table].path: [part for column in columns for part in copies[table].names[column]]
            for table, columns in scanned[name].items()
        }
        pairs = alternating(partial(ours, run, asked[name]), partial(theirs, files), rounds=rounds)
        milliseconds = [(1000 * first, 1000 * second) for first, second in pairs]
        result = smaller(name, milliseconds, what_theirs_is=WHAT, unit="ms")
        yield Measured(name=name, result=result, said=f"{len(asked[name])} queries of {len(files)} tables")


def ours(run: Path, queries: Sequence[Asked]) -> int:
    """Asks all; gives the number of rows."""
    rows = 0
    with open_run(run) as connection:
        for each in queries:
            with connection.cursor() as cursor:
                found = cursor.execute(each.sql, each.parameters)
                rows += len(next(iter(found.fetchnumpy().values()))) if each.is_columns else len(found.fetchall())
    return rows


def theirs(files: Mapping[Path, Sequence[str]]) -> int:
    """Reads these columns of each file; gives the number of cells."""
    return sum(pd.read_parquet(path, columns=list(columns)).size for path, columns in files.items())
