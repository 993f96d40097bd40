"""A results folder of one's own, the dashboard run on it without a browser, and one run with varied answers."""

import functools
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.manifest_scanner import scan_component_manifests
from streamlit.testing.v1 import AppTest

from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey
from tests.support.made.answers import write_answers
from tests.support.pages import Opened
from tests.support.results import Changed

APP = Path(__file__).parents[2] / "dashboard" / "app.py"

TestSet.__test__ = False  # its name begins as pytest's own do


@pytest.fixture(scope="session", autouse=True)
def components() -> Iterator[None]:
    """Streamlit's components among the installed packages, looked for once instead of whenever a page is run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", functools.cache(scan_component_manifests))
        yield


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty results folder that the dashboard looks at, with nothing cached from another test."""
    folder = tmp_path / "results"
    folder.mkdir()
    monkeypatch.setenv("SECOND_SITE_RESULTS", str(folder))
    _forget()
    yield folder
    _forget()


@pytest.fixture
def open_page(results: Path) -> Opened:
    """Runs the dashboard at an address, given as its parameters."""
    assert results.is_dir()

    def opened(**address: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120)
        for key, value in address.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception
        return app

    return opened


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_answers(tmp_path_factory.mktemp("answers"))


@pytest.fixture
def key(path: Path) -> RunKey:
    return RunKey(name=path.parent.name, path=str(path), changed_ns=1)


@pytest.fixture
def copied(path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(path, tmp_path / "results.duckdb"))


@pytest.fixture
def changed(copied: Path) -> Changed:
    """Gives the key of a copy in which some statements were run."""

    def run(*statements: str) -> RunKey:
        with duckdb.connect(str(copied)) as connection:
            for statement in statements:
                connection.execute(statement)
        return RunKey(name="changed", path=str(copied), changed_ns=1)

    return run


def _forget() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()
