"""Seconds and memory of work done in a process of its own, with all the processes that it begins."""

import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PAUSE_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What some work took.

    Attributes:
        seconds: Of the work alone, without the start of its process.
        peak_mib: The largest proportional set size (PSS) of its process and all below it: shared pages count once.
    """

    seconds: float
    peak_mib: float


def watched(prepare: Callable[..., Callable[[], object]], *arguments: object) -> Watched:
    """Does some work in a new Python, and looks at its memory fifty times a second.

    Args:
        prepare: Gives the work, such as `functools.partial`; nothing but the modules of these functions is imported.
        arguments: Its arguments.

    Raises:
        RuntimeError: If it fails.
    """
    command = [sys.executable, "-m", "benchmarks.memory"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("Expected pipes to the process.")
        pickle.dump((prepare, arguments), process.stdin)
        process.stdin.close()
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, tree_mib(process.pid))
            time.sleep(_PAUSE_S)
        said = process.stdout.read()
    if process.returncode:
        raise RuntimeError(f"{prepare} of {arguments} ended with code {process.returncode}.")
    return Watched(seconds=float(said.splitlines()[-1]), peak_mib=peak)


def tree_mib(root: int) -> float:
    """PSS now of a process and all below it."""
    parents = dict(_parents())
    below = {root}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(map(_pss_mib, below))


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue  # it has just ended
            yield int(folder.name), int(stat.rpartition(")")[2].split()[1])


def _pss_mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _main() -> None:
    prepare, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from `watched`
    work = prepare(*arguments)
    start = time.perf_counter()
    work()
    print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    _main()
