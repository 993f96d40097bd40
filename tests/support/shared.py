"""What takes long to build is built by one of the workers that run the tests, and read by all."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def built_once(temporary: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """A folder of this session that no test changes.

    Args:
        temporary: The session's folders; several workers' lie in one.
        name: The same for all who want it.
        build: Fills the folder; called by the first who asks, while others wait.

    Returns:
        The folder.
    """
    base = temporary.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = root / name, root / f"{name}.built"
    with (root / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir()
            build(folder)
            done.touch()
    return folder
