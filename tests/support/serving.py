"""A dashboard on a port of its own and a browser that knows when it is drawn: for pictures, tests and benchmarks.

Needs Playwright and a Chromium or Chrome, both development dependencies.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
DASHBOARD = "dashboard/app.py"

BROWSER_FLAGS = (
    "--no-sandbox",  # refused to root, as in a container
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

DRAWN = """
() => document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]') !== null
  && document.querySelector('h1') !== null
  && document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]') === null
  && [...document.querySelectorAll('.stPlotlyChart')].every(chart => chart.querySelector('.main-svg') !== null)
  && [...document.images].every(image => image.complete)
"""
"""Whether the script has run, nothing on the page is of an earlier run or still a placeholder, and charts and images
are there."""

_START_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running server.

    Attributes:
        address: Where it answers, without a slash at the end.
        pid: Its process.
    """

    address: str
    pid: int


def browser_path() -> str | None:
    """The Chromium or Chrome of this machine, or the one that `make browser` brought; None if there is neither."""
    installed = filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser", "chrome")))
    brought = (str(path) for path in (ROOT / ".venv" / ".browser").glob("chromium-*/*/chrome"))
    return next(chain(installed, brought), None)


@contextmanager
def served(
    script: str,
    *,
    results: Path,
    cache: Path | None = None,
    folder: Path = ROOT,
    flags: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    """Serves a Streamlit script on a free port, and stops the server afterwards.

    Args:
        script: Relative to the repository.
        results: The folder of runs.
        cache: The folder of harmonized images; by default that of this machine.
        folder: Where it is started.
        flags: Further words of the command.
        variables: Further variables of the environment.

    Raises:
        TimeoutError: If the server does not answer within a minute.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / script), f"--server.port={port}", *flags]
    folders = {"SECOND_SITE_RESULTS": str(results.absolute()), "PYTHONPATH": str(ROOT)}
    if cache is not None:
        folders["SECOND_SITE_CACHE"] = str(cache.absolute())
    environment = {**os.environ, **folders, **(variables or {})}
    server = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield Served(address=address, pid=server.pid)
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def settle(page: Page) -> None:
    """Waits until a page is drawn."""
    page.wait_for_function(DRAWN)


def _free_port() -> int:
    """One that no other worker of the tests takes: each has those with its own remainder.

    A kernel may give odd ports alone, so the next one with that remainder is taken.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    mine = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % workers
    while True:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            given: int = free.getsockname()[1]
        port = given - given % workers + mine
        with socket.socket() as wanted:
            try:
                wanted.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


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
