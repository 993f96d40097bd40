"""How fast predictions become a sealed file: `python -m benchmarks.score`, a million of 14 findings from two sites.

Ours is the command `score`, a process of its own with its start: tables read and checked, ids joined, every metric
under three label policies with 2,000 replicates, gaps, the file written and read back. Theirs is the script of somebody
who knows pandas and scikit-learn: tables read and merged, seven metrics under one policy, the same bootstrap over whole
patients in a loop on all cores, the results as CSV. It draws a few replicates, and the loop's time alone is scaled.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from joblib import Parallel, cpu_count, delayed
from sklearn.metrics import average_precision_score, confusion_matrix, roc_auc_score

from benchmarks.__main__ import table
from benchmarks.timing import ROUNDS, Measured, Result

FINDINGS = (
    *("Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Emphysema", "Fibrosis", "Fracture", "Hernia"),
    *("Infiltration", "Mass", "Nodule", "Pleural Effusion", "Pneumonia", "Pneumothorax"),
)
SITES = ("home", "away")
_OPTIONS = ("internal", "external")
PREDICTIONS = 1_000_000
REPLICATES = 2000
THEIR_REPLICATES = 4

_IMAGES_A_PATIENT = 2.5
_FROM = 0.5
_TRAIN = Path(__file__).parents[1] / "train.py"


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The tables of both sites.

    Attributes:
        predictions: An id and a score of each finding, of both sites.
        labels: From a site to its table: id, patient, and 1 or 0 for each finding.
    """

    predictions: Path
    labels: Mapping[str, Path]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast predictions become a sealed file.")
    parser.add_argument("--predictions", type=int, default=PREDICTIONS, help="images of both sites together")
    parser.add_argument("--replicates", type=int, default=THEIR_REPLICATES, help="that theirs draws before scaling")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    wanted = parser.parse_args()
    print(table([against("score", wanted.predictions, their_replicates=wanted.replicates, rounds=wanted.rounds)]))


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name in names:
        yield against(name, PREDICTIONS)


def against(name: str, predictions: int, *, their_replicates: int = THEIR_REPLICATES, rounds: int = ROUNDS) -> Measured:
    """Both in turn, on the same tables and cores.

    Args:
        name: Of the row.
        predictions: Images of both sites together.
        their_replicates: Replicates that theirs draws; its loop's time is scaled to as many as ours.
        rounds: How often each is timed.
    """
    with tempfile.TemporaryDirectory() as made:
        tables = draw(Path(made), predictions=predictions)
        pairs = []
        for number in range(rounds):
            started = time.perf_counter()
            ours(tables, results=Path(made) / f"results-{number}")
            middle = time.perf_counter()
            in_loop = theirs(tables, replicates=their_replicates)
            whole = time.perf_counter() - middle
            pairs.append((middle - started, whole + in_loop * (REPLICATES / their_replicates - 1)))
    our_seconds, their_seconds = (statistics.median(times) for times in zip(*pairs, strict=True))
    result = Result(
        name=name,
        ours=round(predictions / our_seconds, 2),
        theirs=round(predictions / their_seconds, 2),
        what_theirs_is=f"pandas, scikit-learn, a bootstrap loop on {cpu_count()} cores, scaled from {their_replicates}",
        unit="images/s",
        ratio=round(their_seconds / our_seconds, 2),
        rounds=rounds,
    )
    return Measured(name=name, result=result)


def draw(folder: Path, *, predictions: int) -> Tables:
    """Writes tables of two sites of equal size, their scores a little better at the first."""
    rng = np.random.default_rng(0)
    scored, labels = [], {}
    for site, skill in zip(SITES, (0.35, 0.25), strict=True):
        count = predictions // len(SITES)
        image = [f"{site}/{number:07d}.png" for number in range(count)]
        patient = [f"{site}-{number}" for number in rng.integers(0, max(int(count / _IMAGES_A_PATIENT), 1), count)]
        present = rng.random((count, len(FINDINGS))) < np.linspace(0.02, 0.3, len(FINDINGS))
        scores = (present * skill + (1 - skill) * rng.random(present.shape)).round(4)
        labels[site] = folder / f"{site}.csv"
        about = pd.DataFrame({"image": image, "patient": patient})
        about.join(pd.DataFrame(present.astype(int), columns=FINDINGS)).to_csv(labels[site], index=False)
        scored.append(pd.DataFrame({"image": image}).join(pd.DataFrame(scores, columns=FINDINGS)))
    pd.concat(scored).to_csv(folder / "predictions.csv", index=False)
    return Tables(predictions=folder / "predictions.csv", labels=labels)


def ours(tables: Tables, *, results: Path, replicates: int = REPLICATES) -> Path:
    """The sealed file."""
    given = {
        "--predictions": tables.predictions,
        **{f"--{option}": f"table:{tables.labels[site]}" for option, site in zip(_OPTIONS, SITES, strict=True)},
        "--results": results,
        "--cache": results.with_name("cache"),
        "--name": "scored",
        "--replicates": replicates,
    }
    command = [sys.executable, str(_TRAIN), "score", *(str(word) for pair in given.items() for word in pair)]
    subprocess.run(command, check=True, capture_output=True)
    return results / "scored" / "results.duckdb"


def theirs(tables: Tables, *, replicates: int, jobs: int | None = None) -> float:
    """Writes ``theirs.csv`` beside the predictions: each metric of each finding and site, the gap, and intervals.

    Returns:
        Seconds that the loop over replicates took.
    """
    predictions = pd.read_csv(tables.predictions)
    values, drawn, in_loop = {}, {}, 0.0
    for number, (site, path) in enumerate(tables.labels.items()):
        merged = pd.read_csv(path).merge(predictions, on="image", suffixes=("", "_score")).sort_values("patient")
        present = merged[list(FINDINGS)].to_numpy(np.bool_)
        scores = merged[[f"{finding}_score" for finding in FINDINGS]].to_numpy(np.float32)
        sizes = merged.groupby("patient", sort=True).size().to_numpy()
        values[site] = metrics(present, scores)
        started = time.perf_counter()
        drawn[site] = np.stack(
            Parallel(n_jobs=jobs or cpu_count())(
                delayed(replicate)(present, scores, sizes, seed=(number, each)) for each in range(replicates)
            )
        )
        in_loop += time.perf_counter() - started
    internal, external = SITES
    values["gap"], drawn["gap"] = values[internal] - values[external], drawn[internal] - drawn[external]
    rows = [
        pd.DataFrame({"of": name, "finding": np.repeat(FINDINGS, values[name].shape[1]), "value": values[name].ravel()})
        .assign(low=np.nanpercentile(drawn[name], 2.5, axis=0).ravel())
        .assign(high=np.nanpercentile(drawn[name], 97.5, axis=0).ravel())
        for name in values
    ]
    pd.concat(rows).to_csv(tables.predictions.with_name("theirs.csv"), index=False)
    return in_loop


def replicate(
    present: npt.NDArray[np.bool_],
    scores: npt.NDArray[np.float32],
    sizes: npt.NDArray[np.int64],
    *,
    seed: tuple[int, int],
) -> npt.NDArray[np.float64]:
    """The metrics of one draw of whole patients with replacement; images stand in the order of their patients."""
    times = np.bincount(np.random.default_rng(seed).integers(0, len(sizes), len(sizes)), minlength=len(sizes))
    rows = np.repeat(np.arange(len(present)), np.repeat(times, sizes))
    return metrics(present[rows], scores[rows])


def metrics(present: npt.NDArray[np.bool_], scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """AUROC, average precision, sensitivity, specificity, PPV, NPV and accuracy, shape ``(k, 7)``."""
    found = []
    for label, score in zip(present.T, scores.T, strict=True):
        tn, fp, fn, tp = confusion_matrix(label, score >= _FROM).ravel().astype(float)
        found.append(
            (
                *(roc_auc_score(label, score), average_precision_score(label, score)),
                *(tp / (tp + fn), tn / (tn + fp), tp / (tp + fp), tn / (tn + fn), (tp + tn) / len(label)),
            )
        )
    return np.array(found)


if __name__ == "__main__":
    main()
