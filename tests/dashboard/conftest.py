"""A results folder of one's own, and the dashboard run on it without a browser."""

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.manifest_scanner import scan_component_manifests
from streamlit.testing.v1 import AppTest

from dashboard.results.comparison import TestSet
from tests.support.pages import Opened

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


def _forget() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()
