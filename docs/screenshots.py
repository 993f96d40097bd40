"""Makes the pictures of the README: `python -m docs.screenshots [RESULTS]`, three pages of the newest run.

Overview; Confusion with its most frequent external mistake; and the first image of that mistake.
"""

import argparse
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, ViewportSize, sync_playwright

from cxr_core.findings import FINDINGS
from cxr_core.store.open import open_run
from cxr_core.store.runs import FoundRun, list_runs
from tests.support.serving import BROWSER_FLAGS, DASHBOARD, ROOT, browser_path, served, settle

_MISTAKES = """
    SELECT class, predicted
    FROM prediction JOIN reference USING (dataset, image_id) JOIN policy USING (dataset, policy)
    WHERE model_id = 'split' AND role = 'external_test' AND is_default AND class <> predicted
    GROUP BY ALL
    ORDER BY count(*) DESC, class, predicted
"""


def photograph(results: Path, *, to: Path, width_px: int, height_px: int, dark: bool) -> tuple[Path, ...]:
    """Writes ``overview.png``, ``confusion.png`` and ``image.png``.

    Args:
        results: The folder of runs; the newest complete one is shown.
        to: The folder of the pictures.
        width_px: Of the window.
        height_px: Of the window.
        dark: Whether the browser asks for the dark theme.

    Raises:
        FileNotFoundError: If there is no browser, or no complete run.
    """
    browser_file = browser_path()
    if browser_file is None:
        raise FileNotFoundError("No Chromium or Chrome was found on the path; `make test` installs one.")
    run = urlencode({"run": newest(results).name})
    true, predicted = most_frequent_mistake(results)
    cell = f"at=external&true={FINDINGS[true]}&as={FINDINGS[predicted]}".replace(" ", "+")
    size = ViewportSize(width=width_px, height=height_px)
    with served(DASHBOARD, results=results) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_file, args=list(BROWSER_FLAGS))
        page = browser.new_page(viewport=size, color_scheme="dark" if dark else "light")
        page.goto(f"{server.address}/?page=overview&{run}")
        pictures = [_taken(page, to / "overview.png")]
        page.goto(f"{server.address}/?page=confusion&{run}&{cell}")
        pictures.append(_taken(page, to / "confusion.png"))
        first = page.locator("a[href*='page=image'][href*='img=']").first.get_attribute("href")
        page.goto(f"{server.address}/{first}")
        pictures.append(_taken(page, to / "image.png"))
        browser.close()
    return tuple(pictures)


def newest(results: Path) -> FoundRun:
    """The newest complete run.

    Raises:
        FileNotFoundError: If there is none.
    """
    for run in list_runs(results):
        if run.state == "complete":
            return run
    raise FileNotFoundError(f"There is no complete run in {results}; `python train.py demo` makes one.")


def most_frequent_mistake(results: Path) -> tuple[int, int]:
    """What is taken for what most often externally in the newest complete run: two classes, 0-5.

    Raises:
        FileNotFoundError: If there is no complete run, or it makes no mistake.
    """
    run = newest(results)
    with open_run(run.path) as connection:
        mistakes = connection.execute(_MISTAKES).fetchall()
    if not mistakes:
        raise FileNotFoundError(f"{run.name} makes no external mistake that could be shown.")
    return mistakes[0]


def _taken(page: Page, to: Path) -> Path:
    settle(page)
    page.wait_for_timeout(1000)  # components draw a moment after the script has run
    page.screenshot(path=to)
    return to


def main() -> None:
    """Photographs the three pages for the README."""
    parser = argparse.ArgumentParser(description="Make the pictures of the README.")
    parser.add_argument("results", type=Path, nargs="?", default=ROOT / "results", help="the folder of runs")
    parser.add_argument("--to", type=Path, default=ROOT / "docs", help="the folder of the pictures")
    parser.add_argument("--width-px", type=int, default=1280)
    parser.add_argument("--height-px", type=int, default=800)
    parser.add_argument("--dark", action="store_true")
    wanted = parser.parse_args()
    size = {"width_px": wanted.width_px, "height_px": wanted.height_px}
    for picture in photograph(wanted.results, to=wanted.to, dark=wanted.dark, **size):
        print(picture)


if __name__ == "__main__":
    main()
