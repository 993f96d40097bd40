"""The queries that a page of the dashboard asks, caught while it is run without a browser, and what they scan."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, cast
from unittest import mock

import duckdb
import numpy as np
import numpy.typing as npt
import streamlit as st
from streamlit.testing.v1 import AppTest

from cxr_core.store.open import open_run
from cxr_core.store.schema import expected_tables
from dashboard.results import database
from dashboard.results.database import Parameter, Value

_APP = Path(database.__file__).parents[1] / "app.py"
_TIMEOUT_S = 600
_SCANS = re.compile(r"results\.main\.(\w+)")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One query.

    Attributes:
        sql: As it was asked.
        parameters: By name.
        is_columns: Whether it was fetched as arrays, else as rows.
    """

    sql: str
    parameters: Mapping[str, Parameter]
    is_columns: bool


def asked_by(page: str, *, results: Path) -> list[Asked]:
    """The queries of a page that is opened first, with nothing cached.

    Args:
        page: Its id.
        results: The folder of runs.

    Raises:
        RuntimeError: If the page cannot be drawn.
    """
    caught: list[Asked] = []
    places = {"SECOND_SITE_RESULTS": str(results), "SECOND_SITE_CACHE": str(results.parent / "cache")}
    with mock.patch.dict(os.environ, places), _catching(caught):
        st.cache_data.clear()
        st.cache_resource.clear()
        app = AppTest.from_file(str(_APP), default_timeout=_TIMEOUT_S)
        app.query_params["page"] = page
        app.run()
        st.cache_data.clear()
        st.cache_resource.clear()
    if app.exception or not caught:
        raise RuntimeError(f"The page {page} was not drawn: {[each.value for each in app.exception]}")
    return caught


def columns_of(run: Path, queries: Sequence[Asked]) -> Mapping[str, tuple[str, ...]]:
    """By table, the columns that the plans of these queries scan, in the order of the schema."""
    found: dict[str, set[str]] = {}
    with open_run(run) as connection:
        for each in queries:
            (row,) = connection.execute(f"EXPLAIN (FORMAT json) {each.sql}", each.parameters).fetchall()
            for table, columns in _scans(json.loads(row[1])):
                found.setdefault(table, set()).update(columns)
    return {
        table: tuple(column for column in expected_tables()[table] if column in columns)
        for table, columns in found.items()
        if columns
    }


def _scans(nodes: Sequence[Mapping[str, object]]) -> Iterator[tuple[str, set[str]]]:
    for node in nodes:
        about = node["extra_info"]
        if isinstance(about, dict) and (scan := _SCANS.fullmatch(str(about.get("Table", "")))):
            words = set(re.findall(r"\w+", f"{about.get('Projections', '')} {about.get('Filters', '')}"))
            yield scan[1], words & expected_tables()[scan[1]].keys()
        children = node["children"]
        yield from _scans(children if isinstance(children, list) else [])


@contextmanager
def _catching(caught: list[Asked]) -> Iterator[None]:
    opened = {"connection": database.__dict__["_connection"]}

    def connection(path: str, version: tuple[int, ...]) -> "_Cursors":
        return _Cursors(opened["connection"](path, version), caught)

    with mock.patch.object(database, "_connection", connection):
        yield


class _Cursors:
    """A connection whose cursors note what they are asked."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, caught: list[Asked]) -> None:
        self._connection = connection
        self._caught = caught

    def cursor(self) -> "_Cursor":
        return _Cursor(self._connection.cursor(), self._caught)


class _Cursor:
    def __init__(self, cursor: duckdb.DuckDBPyConnection, caught: list[Asked]) -> None:
        self._cursor = cursor
        self._caught = caught
        self._asked: tuple[str, Mapping[str, Parameter]] = ("", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cursor.close()

    def execute(self, sql: str, parameters: Mapping[str, Parameter]) -> "_Cursor":
        self._asked = (sql, dict(parameters))
        self._cursor.execute(sql, parameters)
        return self

    def fetchall(self) -> list[tuple[Value, ...]]:
        self._note(is_columns=False)
        return self._cursor.fetchall()

    def fetchnumpy(self) -> dict[str, npt.NDArray[np.generic]]:
        self._note(is_columns=True)
        return cast("dict[str, npt.NDArray[np.generic]]", self._cursor.fetchnumpy())

    def _note(self, *, is_columns: bool) -> None:
        sql, parameters = self._asked
        self._caught.append(Asked(sql=sql, parameters=parameters, is_columns=is_columns))
