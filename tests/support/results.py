"""A results file as a test looks into it and changes it, and as the dashboard is given it."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd

from dashboard.results.database import RunKey

Changed = Callable[..., RunKey]
"""Gives the key of a copy of a results file in which some statements were run."""


def key_of(path: Path) -> RunKey:
    """The key of a results file as it is now."""
    return RunKey(name=path.parent.name, path=str(path), changed_ns=path.stat().st_mtime_ns)


def frame(path: Path, sql: str) -> pd.DataFrame:
    """A query's rows, asked without the dashboard."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).df()


def change(path: Path, sql: str) -> None:
    """Changes what is in the file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
