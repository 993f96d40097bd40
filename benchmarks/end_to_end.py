"""The paper's protocol on 100 + 100 full-size files, from files to the sealed results, against a student's script.

Both are commands, with their start, and both begin from random weights: ImageNet's are not at hand everywhere.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from benchmarks.circumstances import has_bf16
from benchmarks.full_size_sites import write_sites
from benchmarks.timing import Measured, alternating, smaller

IMAGES = 100
WHAT = "a student's script: JPEG files, ImageFolder, three members a regime, pytorch-grad-cam, pandas; no intervals"
_ROOT = Path(__file__).parents[1]


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name in names:
        precision = "bf16" if name.endswith("bf16") else "fp32"
        if precision == "bf16" and not has_bf16():
            yield Measured(name=name, result=None, said="This processor has no bf16 instructions.")
            continue
        with tempfile.TemporaryDirectory() as made:
            folder, numbers = Path(made), count()
            source, external = write_sites(folder / "sites", images=IMAGES)
            pairs = alternating(
                lambda: ours(source, external, folder / f"ours-{next(numbers)}", precision=precision),  # noqa: B023
                lambda: theirs(source, external, folder / f"theirs-{next(numbers)}"),  # noqa: B023
            )
        yield Measured(name=name, result=smaller(name, pairs, what_theirs_is=WHAT, unit="s"))


def ours(source: Path, external: Path, folder: Path, *, precision: str, options: Sequence[str] = ()) -> Path:
    """The sealed file."""
    given = {
        "--source": source,
        "--external": external,
        "--results": folder / "results",
        "--cache": folder / "cache",
        "--name": "paper",
        "--weights": "none",
        "--precision": precision,
    }
    words = [str(word) for pair in given.items() for word in pair]
    subprocess.run(
        [sys.executable, str(_ROOT / "train.py"), "paper", *words, *options], check=True, capture_output=True
    )
    return folder / "results" / "paper" / "results.duckdb"


def theirs(source: Path, external: Path, folder: Path) -> Path:
    """The CSV file of metrics."""
    command = [sys.executable, "-m", "benchmarks.student", str(source), str(external), str(folder)]
    subprocess.run(command, check=True, capture_output=True, cwd=_ROOT)
    return folder / "metrics.csv"
