"""Makes the picture of the README: `python docs/screenshots.py [RESULTS]` photographs the first page of the dashboard.

Needs Playwright and a Chromium or Chrome, both development dependencies.
"""

# A script beside the documents that it draws for, and no package.

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

ROOT = Path(__file__).parents[1]

BROWSER_FLAGS = (
    "--no-sandbox",  # refused to root, as in a container
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_START_SECONDS = 60


def browser_path() -> str | None:
    """The Chromium or Chrome of this machine, or the one that `make browser` brought; None if there is neither."""
    installed = filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser", "chrome")))
    brought = (str(path) for path in (ROOT / ".venv" / ".browser").glob("chromium-*/*/chrome"))
    return next(chain(installed, brought), None)


@contextmanager
def dashboard(results: Path) -> Iterator[str]:
    """Serves a results folder on a free port, gives the address, and stops the server afterwards.

    Raises:
        TimeoutError: If the server does not answer within a minute.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", f"--server.port={port}"]
    environment = {**os.environ, "SECOND_SITE_RESULTS": str(results.absolute())}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 (our own app)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def settle(page: Page) -> None:
    """Waits until the script has run and nothing on the page is of an earlier run."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_function("document.querySelector('[data-stale=\"true\"]') === null")
    page.wait_for_function(
        "document.querySelector('.stPlotlyChart') === null || document.querySelector('.main-svg') !== null"
    )


def photograph(results: Path, *, to: Path, width_px: int, height_px: int, dark: bool, query: str = "") -> None:
    """Writes a picture of a page as a PNG.

    Args:
        results: The folder of runs.
        to: The PNG file.
        width_px: Of the window.
        height_px: Of the window.
        dark: Whether the browser asks for the dark theme.
        query: The address after the host, such as ``?page=overview``.

    Raises:
        FileNotFoundError: If there is no browser.
    """
    browser_file = browser_path()
    if browser_file is None:
        raise FileNotFoundError("No Chromium or Chrome was found on the path; `make test` installs one.")
    size = ViewportSize(width=width_px, height=height_px)
    with dashboard(results) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_file, args=list(BROWSER_FLAGS))
        page = browser.new_page(viewport=size, color_scheme="dark" if dark else "light")
        page.goto(address + "/" + query)
        settle(page)
        page.wait_for_timeout(500)
        page.screenshot(path=to)
        browser.close()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            # Any unknown path answers 200 with the page, so the body is looked at.
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310 (always http)
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"The dashboard did not answer at {address} within {_START_SECONDS} seconds.")


def main() -> None:
    """Photographs the Overview for the README."""
    parser = argparse.ArgumentParser(description="Make the picture of the README.")
    parser.add_argument("results", type=Path, nargs="?", default=ROOT / "results", help="the folder of runs")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "overview.png", help="the PNG file")
    parser.add_argument("--width-px", type=int, default=1280)
    parser.add_argument("--height-px", type=int, default=800)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--query", default="", help="such as ?page=overview")
    wanted = parser.parse_args()
    photograph(
        wanted.results,
        to=wanted.to,
        width_px=wanted.width_px,
        height_px=wanted.height_px,
        dark=wanted.dark,
        query=wanted.query,
    )
    print(wanted.to)


if __name__ == "__main__":
    main()
