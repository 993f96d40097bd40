"""How fast pages paint at ten million predictions: `python -m benchmarks.pages [--size paper] [--results DIR]`.

Cold: a new server and a new browser profile, against an empty Plotly page served in the same way, in the same run.
First: the first click on a page in a server that runs, so that its queries are asked. Again: later clicks, the median.
Together: ten tabs at once on different pages say what a lone tab says, and the server stays small.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from dashboard.app import PAGES
from tests.support.big_run.size import SIZES
from tests.support.big_run.writing import write_run
from tests.support.serving import BROWSER_FLAGS, DASHBOARD, DRAWN, browser_path, served

EMPTY = "benchmarks/empty_page.py"
VIEWPORT = ViewportSize(width=1280, height=800)

COLD_OVER_EMPTY_SECONDS = 2.0
WARM_SECONDS = 1.0
MOST_MEMORY_MIB = 1024

COLD_ROUNDS = 3
WARM_ROUNDS = 5

# Ten tabs: each page, then pages under another model or policy.
TABS = (*(f"page={page}" for page in PAGES), *(f"page={page}&model=full&external_policy=u_ones" for page in PAGES))[:10]

_TITLE_AND_DRAWN = f"(title) => document.title === title && ({DRAWN})()"


@dataclass(frozen=True, kw_only=True)
class Painted:
    """Seconds until a page was drawn; the empty page has no `first` and no `again`."""

    cold: float
    first: float
    again: float


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how fast pages paint.")
    parser.add_argument("--size", choices=sorted(SIZES), default="ten-million", help="of the run that is made up")
    parser.add_argument("--results", type=Path, help="a folder of runs instead of a made-up one")
    parser.add_argument("--page", action="append", choices=list(PAGES), help="only this page; may be repeated")
    wanted = parser.parse_args()
    path = browser_path()
    if path is None:
        print("No Chromium or Chrome was found on the path; `make test` installs one.", file=sys.stderr)
        return 2
    with _results(wanted.results, size=wanted.size) as results, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS))
        empty, painted = measure(browser, results, pages=wanted.page or list(PAGES))
        print(table(empty, painted))
        troubles, memory_mib = together(browser, results)
        browser.close()
    print(f"\nten tabs at once: {len(troubles)} troubles, at most {memory_mib:,.0f} MiB in the server")
    print(f"load of this machine: {os.getloadavg()[2]:.1f} on {os.cpu_count()} cores; above 2 a core, times say little")
    misses = [*missed(empty, painted), *troubles]
    if memory_mib > MOST_MEMORY_MIB:
        misses.append(f"the server took {memory_mib:,.0f} MiB, more than {MOST_MEMORY_MIB:,}")
    for miss in misses:
        print(f"misses: {miss}")
    return int(bool(misses))


def measure(browser: Browser, results: Path, *, pages: list[str]) -> tuple[float, Mapping[str, Painted]]:
    """Seconds of the empty Plotly page, and of each page.

    Args:
        browser: A running browser; each cold page gets a profile of its own.
        results: The folder of runs.
        pages: Their ids.
    """
    empty: list[float] = []
    cold: dict[str, list[float]] = {page: [] for page in pages}
    for _ in range(COLD_ROUNDS):
        for page in pages:
            empty.append(_cold(browser, EMPTY, results))
            cold[page].append(_cold(browser, DASHBOARD, results, query=f"?page={page}"))
            print(f"cold {page}: {cold[page][-1]:.2f} s, empty {empty[-1]:.2f} s", file=sys.stderr)
    warm = _warm(browser, results, pages=pages)
    return statistics.median(empty), {
        page: Painted(cold=statistics.median(cold[page]), first=warm[page][0], again=statistics.median(warm[page][1:]))
        for page in pages
    }


def together(browser: Browser, results: Path) -> tuple[list[str], float]:
    """What goes wrong in ten tabs at once, and the most memory of their server, MiB."""
    with served(DASHBOARD, results=results) as server:
        with _context(browser) as context:
            tabs = [_opened(context, f"{server.address}/?{query}") for query in TABS]
            said = [_text_of(tab) for tab in tabs]
            raised = [query for query, tab in zip(TABS, tabs, strict=True) if _has_raised(tab)]
        memory_mib = _peak_mib(server.pid)
    with served(DASHBOARD, results=results) as server, _context(browser) as context:
        alone = [_text_of(_opened(context, f"{server.address}/?{query}")) for query in TABS]
    differing = [query for query, one, other in zip(TABS, said, alone, strict=True) if one != other]
    return [
        *(f"{query} raised an exception among ten tabs" for query in raised),
        *(f"{query} says something else among ten tabs than alone" for query in differing),
    ], memory_mib


def table(empty: float, painted: Mapping[str, Painted]) -> str:
    head = f"{'page':<14}{'cold':>8}{'over empty':>12}{'first':>8}{'again':>8}   seconds"
    rows = [
        f"{page:<14}{one.cold:>8.2f}{one.cold - empty:>12.2f}{one.first:>8.2f}{one.again:>8.2f}"
        for page, one in painted.items()
    ]
    return "\n".join([head, f"{'(empty Plotly)':<14}{empty:>8.2f}", *rows])


def missed(empty: float, painted: Mapping[str, Painted]) -> list[str]:
    slow_cold = [
        f"{page} cold is {one.cold - empty:.2f} s over the empty page, more than {COLD_OVER_EMPTY_SECONDS:.0f}"
        for page, one in painted.items()
        if one.cold - empty > COLD_OVER_EMPTY_SECONDS
    ]
    slow_warm = [
        f"{page} {name} takes {seconds:.2f} s, more than {WARM_SECONDS:.0f}"
        for page, one in painted.items()
        for name, seconds in (("first", one.first), ("again", one.again))
        if seconds > WARM_SECONDS
    ]
    return slow_cold + slow_warm


@contextmanager
def _results(folder: Path | None, *, size: str) -> Iterator[Path]:
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as made:
        print(f"writing a run of {SIZES[size].predictions:,} predictions ...", file=sys.stderr)
        write_run(Path(made), size=SIZES[size])
        yield Path(made)


@contextmanager
def _context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=VIEWPORT)
    yield context
    context.close()


def _cold(browser: Browser, script: str, results: Path, *, query: str = "") -> float:
    with served(script, results=results) as server, _context(browser) as context:
        page = context.new_page()
        started = time.monotonic()
        page.goto(f"{server.address}/{query}", wait_until="commit")
        _wait_until_drawn(page)
        return time.monotonic() - started


def _warm(browser: Browser, results: Path, *, pages: list[str]) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = {page: [] for page in pages}
    with served(DASHBOARD, results=results) as server, _context(browser) as context:
        tab = _opened(context, server.address)  # on the Overview, whose `first` is therefore not its first
        _wait_until_drawn(tab)
        for name in pages * (WARM_ROUNDS + 1):
            title = PAGES[name].title
            started = time.monotonic()
            tab.get_by_role("link", name=title, exact=True).click()
            tab.wait_for_function(_TITLE_AND_DRAWN, arg=f"{title} · Second Site")
            found[name].append(time.monotonic() - started)
            tab.wait_for_timeout(300)  # what a page does after it is drawn belongs to nobody
    return found


def _opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address, wait_until="commit")
    return page


def _wait_until_drawn(page: Page) -> None:
    page.wait_for_function(DRAWN, timeout=60_000)


def _text_of(page: Page) -> str:
    _wait_until_drawn(page)
    page.wait_for_timeout(500)
    return page.get_by_test_id("stMain").inner_text()


def _has_raised(page: Page) -> bool:
    return page.locator("[data-testid=stException]").count() > 0


def _peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(kib) / 1024


if __name__ == "__main__":
    sys.exit(main())
