"""Provenance of a run: the versions and the commit that computed it."""

import json
import platform
import subprocess
from importlib import metadata
from pathlib import Path

_DISTRIBUTION = "second-site"
_PACKAGES = (
    "torch", "torchvision", "numpy", "pandas", "scipy", "pydicom", "opencv-python-headless", "pillow", "imagecodecs",
    "duckdb", "grad-cam", _DISTRIBUTION,
)  # fmt: skip


def versions() -> dict[str, str]:
    """What computed the run."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in _PACKAGES}


def git_commit() -> str | None:
    """The commit that this code is of: of the checkout that it lies in, or that pip installed it from.

    Returns:
        None where neither is known. A repository around an installed package is somebody else's.
    """
    here = Path(__file__)
    if _git("ls-files", "--error-unmatch", here.name, folder=here.parent) is None:
        return _installed_commit()
    return _git("rev-parse", "HEAD", folder=here.parent)


def _git(*words: str, folder: Path) -> str | None:
    """What git answers in a folder; None if it refuses or there is none."""
    try:
        found = subprocess.run(  # noqa: S603 -- words of this module
            ["git", *words],  # noqa: S607 -- whichever git the user has
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()


def _installed_commit() -> str | None:
    """The commit that pip noted where it installed from a repository.

    Source: PEP 610, "Recording the Direct URL Origin of installed distributions" (``direct_url.json``, ``vcs_info``).
    """
    try:
        noted = json.loads(metadata.distribution(_DISTRIBUTION).read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return None
    commit = noted.get("vcs_info", {}).get("commit_id")
    return commit if isinstance(commit, str) else None
