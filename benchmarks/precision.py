"""What bf16 in training changes: paired differences of accuracy, AUROC and calibration over five seeds, in points.

Each seed draws two hospitals and trains three ResNet-18 on images of 80 px from the same start, once in fp32 and once
in bf16; predicting is fp32. `ours` is the end of a 95 % interval that lies farthest from 0: at most half a point, and
bf16 may be the default.
"""

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.metrics import roc_auc_score

from benchmarks.circumstances import has_bf16
from benchmarks.timing import Measured, alone
from cxr_core.metrics.calibration import bins_of_equal_width, expected_error
from cxr_core.store.open import open_run

SEEDS = range(5)
OPTIONS = ("--architecture", "resnet18", "--regimes", "split", "--learning-rate", "1e-3")
_TRAIN = Path(__file__).parents[1] / "train.py"
_ANSWERS = """
    SELECT class, probability
    FROM prediction JOIN reference USING (dataset, image_id) JOIN policy USING (dataset, policy)
    WHERE is_default AND model_id = 'split' AND role = $role AND class IS NOT NULL
"""

Values = Mapping[tuple[str, str], float]
"""Metrics by role and name, in points."""


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name in names:
        if not has_bf16():
            yield Measured(name=name, result=None, said="This processor has no bf16 instructions.")
            continue
        differences = [paired(seed) for seed in SEEDS]
        ends = intervals(differences)
        result = alone(name, max(abs(end) for both in ends.values() for end in both), unit="points", rounds=len(SEEDS))
        said = "; ".join(f"{' '.join(key)} {low:+.2f} to {high:+.2f}" for key, (low, high) in ends.items())
        yield Measured(name=name, result=result, said=said)


def paired(seed: int, *, options: Sequence[str] = OPTIONS) -> Values:
    """What bf16 has more than fp32 with one seed.

    Args:
        seed: Of the hospitals and of the networks.
        options: Of `train.py demo`.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain, mixed = (_values(_run(Path(folder), seed, precision, options)) for precision in ("fp32", "bf16"))
    return {key: mixed[key] - plain[key] for key in plain}


def intervals(differences: Sequence[Values]) -> Mapping[tuple[str, str], tuple[float, float]]:
    """95 % intervals of the mean difference, by Student's t over the seeds, of which there are two or more."""
    found = {}
    for key in differences[0]:
        values = [each[key] for each in differences]
        half = stats.t.ppf(0.975, len(values) - 1) * statistics.stdev(values) / len(values) ** 0.5
        found[key] = (statistics.mean(values) - half, statistics.mean(values) + half)
    return found


def _run(folder: Path, seed: int, precision: str, options: Sequence[str]) -> Path:
    given = {
        "--seed": seed,
        "--precision": precision,
        "--results": folder / "results",
        "--cache": folder / "cache",
        "--name": precision,
    }
    words = [str(word) for pair in given.items() for word in pair]
    subprocess.run([sys.executable, str(_TRAIN), "demo", *words, *options], check=True, capture_output=True)
    return folder / "results" / precision / "results.duckdb"


def _values(results: Path) -> Values:
    found = {}
    for role in ("internal_test", "external_test"):
        with open_run(results) as connection:
            rows = connection.execute(_ANSWERS, {"role": role}).fetchnumpy()
        classes, scores = np.asarray(rows["class"]), np.stack(list(rows["probability"])).astype(np.float64)
        right = scores.argmax(axis=1) == classes
        areas = [roc_auc_score(classes == index, scores[:, index]) for index in np.unique(classes)]
        bins = bins_of_equal_width(scores.max(axis=1), right).filled()
        found[role, "accuracy"] = 100 * float(right.mean())
        found[role, "AUROC"] = 100 * float(np.mean(areas))
        found[role, "calibration error"] = 100 * expected_error(bins.n, bins.right, bins.confidence)
    return found
