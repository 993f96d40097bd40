"""A folder on a disk that takes only so much: a small tmpfs where one may be mounted, else a limit on files."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["tmpfs", "limit"]


@dataclass(frozen=True)
class Scarce:
    """A folder that takes only so much."""

    path: Path
    kind: Kind

    def take(self, kilobytes: int) -> None:
        """From now on it takes so much: in all (tmpfs, never less than it holds), or in each file."""
        if self.kind == "tmpfs":
            subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(self.path)], check=True)
        else:
            _limit(1024 * kilobytes)

    def fill(self) -> None:
        """From now on it takes nothing: it is full to the last byte (tmpfs), or a file may have 100 bytes."""
        if self.kind == "limit":
            _limit(100)
            return
        with suppress(OSError), self._filler.open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))

    def make_room(self) -> None:
        """Takes back what `fill` did."""
        if self.kind == "limit":
            _limit(resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        else:
            self._filler.unlink()

    @property
    def _filler(self) -> Path:
        return self.path / "filler"


@contextmanager
def scarce(path: Path, *, kilobytes: int, kind: Kind | None = None) -> Iterator[Scarce]:
    """A new folder that takes only so much until the block ends; what a tmpfs held is gone then."""
    path.mkdir()
    kind = kind or ("tmpfs" if can_mount(path) else "limit")
    if kind == "tmpfs":
        _mount(path, kilobytes=kilobytes)
    else:
        _limit(1024 * kilobytes)
    try:
        yield Scarce(path, kind)
    finally:
        if kind == "tmpfs":
            subprocess.run(["umount", "--lazy", str(path)], check=True)
        else:
            _limit(resource.getrlimit(resource.RLIMIT_FSIZE)[1])


def can_mount(path: Path) -> bool:
    """Whether a tmpfs may be mounted on a folder."""
    if shutil.which("mount") is None or _mount(path, kilobytes=64, check=False):
        return False
    subprocess.run(["umount", str(path)], check=True)
    return True


def _mount(path: Path, *, kilobytes: int, check: bool = True) -> int:
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(path)]
    return subprocess.run(command, check=check, capture_output=True).returncode


def _limit(size: int) -> None:
    # Python ignores the signal that comes with it, so that writing fails with "File too large".
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
