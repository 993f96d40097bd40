"""A page in a real browser, with an eye on what it asks for and complains about."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

from tests.support.serving import settle


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
        return self.page.locator(".st-key-answer").inner_text().replace("\u00a0", " ")


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
