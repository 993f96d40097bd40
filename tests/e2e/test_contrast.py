"""Every text of every page can be read over what lies below it, in both themes, those in pictures too."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboard.app import PAGES
from tests.support.big_run.size import Size
from tests.support.big_run.writing import write_run
from tests.support.browser import Watched, watch
from tests.support.contrast import Unread, unread
from tests.support.real_run import RealRun
from tests.support.serving import DASHBOARD, served

SIZE = Size(
    name="contrast", internal=300, external=200, internal_left_out=10, external_left_out=10, members=2, shown=60,
    features=8, epochs=3,
)  # fmt: skip

PARTS: Mapping[str, tuple[str, Sequence[str]]] = {
    "labels": ("part", ("Who was kept", "What the names mean", "Images")),
    "training": ("axis", ("logarithmic",)),
    "performance": ("part", ("Class by class", "Curves", "Calibration", "Confidence", "Subgroups")),
    "confusion": ("show", ("share of column", "difference")),
    "shift": ("scale", ("accuracy",)),
}
"""From a page to the key of its parts and their names, without the one that is shown first."""


@pytest.fixture(scope="module")
def address(real: RealRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A made-up run with numbers, beside the one that really ran, so that the list of runs is shown."""
    results = Path(shutil.copytree(real.results, tmp_path_factory.mktemp("contrast"), dirs_exist_ok=True))
    write_run(results, size=SIZE, seed=6)
    with served(DASHBOARD, results=results) as server:
        yield server.address


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield watch(context.new_page())
    context.close()


def in_both_themes(tab: Watched) -> list[Unread]:
    """What cannot be read as the page is shown now; the theme stays what it was changed to."""
    found = unread(tab.page)
    before = tab.page.evaluate(_GROUND)
    is_light = tab.page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
    tab.page.emulate_media(color_scheme="dark" if is_light else "light")
    assert tab.until(lambda: tab.page.evaluate(_GROUND) != before)
    tab.page.wait_for_timeout(300)  # the browser asks for charts in the new colours a moment later
    tab.settle()
    return [*found, *unread(tab.page)]


_GROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"


@pytest.mark.parametrize("page", PAGES)
def test_every_text_can_be_read(tab: Watched, address: str, page: str) -> None:
    tab.open(f"{address}/?run={SIZE.name}&page={page}")
    assert in_both_themes(tab) == []
    key, parts = PARTS.get(page, ("", ()))
    for part in parts:
        tab.choose(key, part)
        assert in_both_themes(tab) == []


def test_the_list_of_runs_can_be_read(tab: Watched, address: str) -> None:
    tab.page.goto(f"{address}/?page=runs")
    tab.settle()
    assert tab.page.locator(".st-key-run_list a").count() > 1
    assert in_both_themes(tab) == []
