"""Every page in a real browser, on a run that really ran: whole, quiet, and within the screen, in both themes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from dashboard.app import PAGES
from tests.support.browser import Watched, watch
from tests.support.real_run import RealRun

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.fixture(scope="module", params=SCHEMES)
def themed(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Watched]:
    """One tab in a theme, which goes from page to page as a reader's does."""
    scheme: Scheme = request.param
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme, accept_downloads=True)
    yield watch(context.new_page())
    context.close()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_and_quiet(themed: Watched, real: RealRun, page: str) -> None:
    themed.complaints.clear()
    themed.open(f"{real.address}/?run=tiny&page={page}")
    assert themed.page.locator("h1").count() == 1
    assert themed.page.locator("[data-testid=stException]").count() == 0
    assert themed.page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") <= 1280
    assert themed.page.locator("[data-testid=stMain] p").first.bounding_box()["y"] < 200
    assert themed.complaints == []


@pytest.mark.parametrize("page", [page for page in PAGES if page != "image"])
def test_what_a_page_shows_can_be_taken_along(watched: Watched, real: RealRun, page: str) -> None:
    watched.open(f"{real.address}/?run=tiny&page={page}")
    controls = watched.page.get_by_role("button", name=re.compile("Download (these numbers|this list)"))
    assert controls.count() > 0
    for i in range(controls.count()):
        controls.nth(i).click()
        for file in watched.page.locator("[data-testid=stDownloadButton] button:visible").all():
            with watched.page.expect_download() as coming:
                file.click()
            assert coming.value.suggested_filename.startswith(f"tiny_{page}_")
            text = Path(coming.value.path()).read_text(encoding="utf-8")
            assert not re.search(r"\b(nan|None|NaN)\b", text)
            assert text.startswith(
                {".csv": "run,synthetic,", ".tex": "% "}.get(Path(coming.value.suggested_filename).suffix, "")
            )
        watched.page.keyboard.press("Escape")


def test_what_is_left_of_a_page_is_gone_on_the_next(watched: Watched, real: RealRun) -> None:
    watched.open(f"{real.address}/?run=tiny&page=confusion")
    for page, each in reversed(PAGES.items()):
        watched.page.get_by_role("link", name=each.title, exact=True).click()
        assert watched.until(lambda each=each: watched.page.title().startswith(each.title))
        watched.settle()
        assert watched.page.locator("h1").count() == 1
        assert watched.page.locator(".st-key-matrix").count() == (page == "confusion")


def test_a_link_in_the_row_leads_where_a_click_on_it_does(watched: Watched, real: RealRun) -> None:
    watched.open(f"{real.address}/?run=tiny&page=confusion&true=Cardiomegaly&as=Cardiomegaly&show=counts")
    link = watched.page.get_by_role("link", name="Cases", exact=True)
    target = str(link.get_attribute("href"))
    link.click()
    assert watched.until(lambda: "page=cases" in watched.page.url)
    watched.settle()
    assert sorted(watched.page.url.partition("?")[2].split("&")) == sorted(target.removeprefix("?").split("&"))
