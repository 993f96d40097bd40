"""A real server, a real browser, and an eye on what the page asks for and complains about."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.support.made.runs import EXTERNAL, INTERNAL, OWN, MadeRun
from tests.support.real_run import RealRun, carry_out
from tests.support.serving import BROWSER_FLAGS, DASHBOARD, browser_path, served, settle


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A page, and what went wrong on it."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Goes to an address and waits until the page is drawn and the address complete."""
        self.page.goto(address)
        settle(self.page)
        assert self.until(lambda: "external_policy=" in self.page.url)

    def settle(self) -> None:
        """Waits until the page is drawn."""
        settle(self.page)

    def choose(self, key: str, option: str) -> None:
        """Chooses one of a few that stand side by side, by its text."""
        before = self.page.url
        self.page.locator(f".st-key-choose_{key}").get_by_text(option, exact=True).click()
        self.page.wait_for_url(lambda url: url != before)
        settle(self.page)

    def pick(self, key: str, option: str) -> None:
        """Picks an option by its text."""
        before = self.page.url
        self.picker(key).click()
        self.page.get_by_role("option", name=option, exact=True).click()
        self.page.wait_for_url(lambda url: url != before)
        settle(self.page)

    def until(self, is_so: Callable[[], bool], *, seconds: float = 15) -> bool:
        """Whether something becomes so in time; a rerun starts a moment after its cause."""
        end = time.monotonic() + seconds
        while not is_so() and time.monotonic() < end:
            self.page.wait_for_timeout(100)
        return is_so()

    def picker(self, key: str) -> Locator:
        """The box of a picker."""
        return self.page.locator(f".st-key-pick_{key} [role=combobox]")

    def answer(self) -> str:
        """The sentence under the title."""
        return self.page.get_by_text("Right on").first.inner_text().replace("\u00a0", " ")


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
    results, cache, originals = carry_out(tmp_path_factory.mktemp("real"))
    with served(DASHBOARD, results=results, cache=cache) as server:
        yield RealRun(results=results, cache=cache, originals=originals, address=server.address)


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


def watch(page: Page) -> Watched:
    """Listens to a page from now on."""
    watched = Watched(page=page)
    page.on("console", lambda said: said.type == "error" and watched.complaints.append(said.text))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("request", lambda asked: _is_away(asked.url) and watched.complaints.append(f"asked for {asked.url}"))
    return watched


def _is_away(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1"
