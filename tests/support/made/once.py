"""A made-up results file is made once in a process; who wants it again gets a copy."""

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Concatenate, ParamSpec

Wanted = ParamSpec("Wanted")


def made_once(make: Callable[Concatenate[Path, Wanted], Path]) -> Callable[Concatenate[Path, Wanted], Path]:
    """Makes a copy of what was made before with equal arguments.

    Args:
        make: Writes a results file somewhere below a folder and gives its path; all else that it takes can be hashed,
            and decides what is in the file.

    Returns:
        The same, of which each caller may change its file.
    """

    @lru_cache(maxsize=16)
    def made(*wanted: Wanted.args, **named: Wanted.kwargs) -> tuple[Path, bytes]:
        with TemporaryDirectory() as folder:
            path = make(Path(folder), *wanted, **named)
            return path.relative_to(folder), path.read_bytes()

    @wraps(make)
    def placed(folder: Path, *wanted: Wanted.args, **named: Wanted.kwargs) -> Path:
        place, content = made(*wanted, **named)
        path = folder / place
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        return path

    return placed
