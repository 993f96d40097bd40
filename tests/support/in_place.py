"""A results file that is overwritten in place while it is read."""

import subprocess
import sys
import time
from pathlib import Path

from tests.support.made.runs import MadeRun

ROOT = Path(__file__).parents[2]


def overwrite_while_read(folder: Path, *, seconds: float, environment: dict[str, str]) -> dict[str, int]:
    """Copies two runs in turn over one that five readers read, as ``cp`` and ``rsync --inplace`` do.

    Returns:
        How often the readers read what.

    Raises:
        AssertionError: If their process ended before it was told to.
    """
    tested = {"a": 4000, "b": 9000}
    runs = [
        MadeRun(name=name, images={"internal_test": 300, "external_test": count, "train": 300}).write(folder / name)
        for name, count in tested.items()
    ]
    contents = [path.read_bytes() for path in runs]
    target = folder / "results" / "shown" / "results.duckdb"
    target.parent.mkdir(parents=True)
    target.write_bytes(contents[0])
    command = [sys.executable, "-m", "tests.support.readers"]
    told = {"SECOND_SITE_RESULTS": str(folder / "results"), "SECOND_SITE_CACHE": str(folder / "cache")}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment | told, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as readers:  # fmt: skip
        end, turn = time.monotonic() + seconds, 0
        while time.monotonic() < end and readers.poll() is None:
            turn += 1
            _overwrite(target, contents[turn % 2], at_once=turn % 3 == 0)
            time.sleep(0.05 * (turn % 5))
        said, error = readers.communicate()
    assert readers.returncode == 0, f"the readers' process ended with {readers.returncode}: {error[-2000:]}"
    return {what: int(count) for count, _, what in (line.partition("\t") for line in said.splitlines())}


def _overwrite(target: Path, content: bytes, *, at_once: bool) -> None:
    step = len(content) if at_once else 2**18
    with target.open("r+b") as file:
        for start in range(0, len(content), step):
            file.write(content[start : start + step])
            file.flush()
        file.truncate()
