"""One results file, asked: the key that answers are kept under, and rows or columns of a query."""

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import duckdb
import numpy as np
import numpy.typing as npt
import streamlit as st

from cxr_core.errors import StoreError
from cxr_core.store.checked import remedy
from cxr_core.store.open import open_run, unreadable

Value = str | int | float | None
"""What a row holds."""

Parameter = Value | Sequence[str] | Sequence[int]
"""What a query is given."""


@dataclass(frozen=True, kw_only=True)
class RunKey:
    """Names one results file; every cached answer is kept under it.

    Attributes:
        name: The run's folder.
        path: Its results file.
        changed_ns: When that file was written: another file under the same name gets other answers.
        version: What else tells one file from another, since a copy may keep the time of what it was copied from: its
            bytes, which file it is, and when anything about it changed.
    """

    name: str
    path: str
    changed_ns: int
    version: tuple[int, ...] = ()


def ask(run: RunKey, sql: str, parameters: Mapping[str, Parameter] | None = None) -> Sequence[tuple[Value, ...]]:
    """The rows of a query, each with a cursor of its own: one cursor is not for two threads.

    Raises:
        StoreError: If the file cannot be opened as results.
    """
    try:
        with _connection(run.path, (run.changed_ns, *run.version)).cursor() as cursor:
            return cursor.execute(sql, parameters or {}).fetchall()
    except (duckdb.Error, UnicodeDecodeError) as error:
        raise unreadable(Path(run.path), error) from error


def columns(
    run: RunKey, sql: str, parameters: Mapping[str, Parameter] | None = None
) -> dict[str, npt.NDArray[np.generic]]:
    """The columns of a query by name, for answers of many rows: none holds a NULL, which a number would hide.

    Raises:
        StoreError: If the file cannot be opened as results, or a column holds a NULL. A query says what that means.
    """
    try:
        with _connection(run.path, (run.changed_ns, *run.version)).cursor() as cursor:
            found = cast("dict[str, npt.NDArray[np.generic]]", cursor.execute(sql, parameters or {}).fetchnumpy())
    except (duckdb.Error, UnicodeDecodeError) as error:
        raise unreadable(Path(run.path), error) from error
    for name, values in found.items():
        if missing := int(np.count_nonzero(np.ma.getmaskarray(values))):
            raise StoreError(
                f"{run.name}: expected {name} in each of {len(values):,} rows, found none in {missing:,}. {remedy()}"
            )
    return found


def number(value: Value) -> float:
    """A number of a row; NaN for NULL."""
    return math.nan if value is None else float(value)


def copies_folder() -> Path:
    """Where open results files lie; each goes when nobody has it open."""
    return Path(os.environ.get("SECOND_SITE_CACHE") or "cache").absolute() / "open"


@st.cache_resource(max_entries=4, show_spinner=False, on_release=duckdb.DuckDBPyConnection.close)
def _connection(
    path: str,
    version: tuple[int, ...],  # noqa: ARG001 (part of the cache key; a leading _ would take it out)
) -> duckdb.DuckDBPyConnection:
    return open_run(Path(path), copies=copies_folder())
