"""Provenance of a run: the versions and the commit that computed it."""

import platform
import subprocess
from importlib import metadata
from pathlib import Path

_PACKAGES = (
    "torch", "torchvision", "numpy", "pandas", "scipy", "pydicom", "opencv-python-headless", "pillow", "imagecodecs",
    "duckdb", "grad-cam", "second-site",
)  # fmt: skip


def versions() -> dict[str, str]:
    """What computed the run."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in _PACKAGES}


def git_commit() -> str | None:
    """The commit of this project's checkout, None where there is none."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 -- whichever git the user has
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()
