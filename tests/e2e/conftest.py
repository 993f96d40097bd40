"""A real server, a real browser, and an eye on what the page asks for and complains about."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.support.browser import Watched, watch
from tests.support.made.runs import EXTERNAL, INTERNAL, OWN, MadeRun
from tests.support.real_run import RealRun, carry_out
from tests.support.serving import BROWSER_FLAGS, DASHBOARD, browser_path, served
from tests.support.shared import built_once


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    MadeRun(sites=(INTERNAL, EXTERNAL, OWN)).write(folder)
    MadeRun(name="older", preset="run", created_at=datetime(2026, 11, 3, tzinfo=UTC)).write(folder)
    return folder


@pytest.fixture(scope="session")
def address(results: Path) -> Iterator[str]:
    with served(DASHBOARD, results=results) as server:
        yield server.address


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRun]:
    """One run for all workers, and for each a folder of results and a server of its own."""
    folder = built_once(tmp_path_factory, "real", carry_out)
    results = Path(shutil.copytree(folder / "results", tmp_path_factory.mktemp("real-results"), dirs_exist_ok=True))
    with served(DASHBOARD, results=results, cache=folder / "cache") as server:
        yield RealRun(results=results, cache=folder / "cache", address=server.address)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = browser_path()
    if path is None:
        message = "No Chromium or Chrome was found on the path: `make test` installs one."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    yield opened
    opened.close()


@pytest.fixture
def watched(context: BrowserContext) -> Iterator[Watched]:
    """A page that fails its test if it complained, raised, or asked anyone but this machine."""
    watched = watch(context.new_page())
    yield watched
    assert watched.complaints == []
    assert watched.page.locator("[data-testid=stException]").count() == 0
