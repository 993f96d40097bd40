"""How often a 95 % interval holds the truth: `python -m benchmarks.coverage`, 12 cells of 400 samples, some minutes.

A sample is drawn from two normal distributions of scores, so that its true AUROC, average precision and F1 are known,
and goes through the library's own functions. Clustered: 2.5 images a patient on average, the most in few patients, that
share half the variance of the score and, three times in five, the presence of the finding.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from cxr_core.evaluation.group import Sample
from cxr_core.evaluation.tasks import single_class
from cxr_core.metrics import ranking
from cxr_core.statistics import intervals
from cxr_core.statistics.intervals import Interval
from cxr_core.statistics.resampling import resample

PREVALENCE = 0.1
SAMPLES = 400
REPLICATES = 400
METRICS = ("auroc", "average_precision", "f1")
PERCENTILES = "auroc, percentiles"

_ALIKE_SCORES = 0.5
_SAME_PRESENCE = 0.6
_IMAGES_A_PATIENT = 2.5


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What is simulated.

    Attributes:
        clustered: Whether patients have several images.
        auroc: The true one.
        positives: Expected number, a tenth of the images.
    """

    clustered: bool
    auroc: float
    positives: int

    @property
    def images(self) -> int:
        """Images in a sample."""
        return round(self.positives / PREVALENCE)

    @property
    def distance(self) -> float:
        """Between the mean scores of positives and negatives, in standard deviations."""
        return math.sqrt(2) * float(norm.ppf(self.auroc))


@dataclass(kw_only=True)
class Tally:
    """How often the truth lay below the interval, above it, or within."""

    below: int = 0
    above: int = 0
    n: int = 0

    def add(self, interval: Interval, *, truth: float) -> None:
        """Counts an interval, unless there is none."""
        if not math.isnan(interval.low):
            self.n += 1
            self.below += truth < interval.low
            self.above += truth > interval.high

    @property
    def coverage(self) -> float:
        """Share of the intervals that hold the truth."""
        return 1 - (self.below + self.above) / self.n


CELLS = tuple(
    Cell(clustered=clustered, auroc=auroc, positives=positives)
    for clustered in (True, False)
    for auroc in (0.85, 0.98)
    for positives in (30, 100, 300)
)


def simulate(cell: Cell, *, samples: int, seed: int = 0) -> dict[str, Tally]:
    """Draws samples of a cell and counts which intervals hold the truth.

    Args:
        cell: What is simulated.
        samples: How often.
        seed: Of the draws.

    Returns:
        By name: the library's intervals of `METRICS`, and the bootstrap's percentiles of AUROC.
    """
    rng = np.random.default_rng(seed)
    true = truths(cell)
    found = {name: Tally() for name in (*METRICS, PERCENTILES)}
    for number in range(samples):
        sample = draw(cell, rng)
        by_metric = {
            estimate.metric: estimate
            for estimate in single_class(sample, classes=("present", "absent"))
            if estimate.finding == 0
        }
        for metric in METRICS:
            found[metric].add(by_metric[metric].interval, truth=true[metric])
        found[PERCENTILES].add(_percentiles(sample, seed=number), truth=true["auroc"])
    return found


def truths(cell: Cell) -> dict[str, float]:
    """The metrics of endlessly many images; the answer is the finding where it is as likely as not."""
    thresholds = np.linspace(9 + cell.distance, -9, 200_001)
    sensitivity, alarms = norm.sf(thresholds - cell.distance), norm.sf(thresholds)
    right = PREVALENCE * sensitivity
    precision = right / (right + (1 - PREVALENCE) * alarms)
    middle = (precision[1:] + precision[:-1]) / 2
    at = _threshold(cell)
    called = PREVALENCE * norm.sf(at - cell.distance) + (1 - PREVALENCE) * norm.sf(at)
    return {
        "auroc": cell.auroc,
        "average_precision": float((np.diff(sensitivity) * middle).sum()),
        "f1": float(2 * PREVALENCE * norm.sf(at - cell.distance) / (PREVALENCE + called)),
    }


def draw(cell: Cell, rng: np.random.Generator) -> Sample:
    """One sample, with two replicates beside it: without any there are no intervals."""
    patients = np.concatenate(list(_patients(cell, rng)))[: cell.images]
    n, count = patients.size, int(patients.max()) + 1
    is_like_patient = rng.random(n) < (_SAME_PRESENCE if cell.clustered else 0)
    present = np.where(is_like_patient, (rng.random(count) < PREVALENCE)[patients], rng.random(n) < PREVALENCE)
    alike = _ALIKE_SCORES if cell.clustered else 0.0
    noise = math.sqrt(alike) * rng.normal(size=count)[patients] + math.sqrt(1 - alike) * rng.normal(size=n)
    above = noise + cell.distance * present - _threshold(cell)
    probability = np.zeros((n, 2), dtype=np.float64)
    probability[:, 0] = 1 / (1 + np.exp(-above))
    probability[:, 1] = 1 - probability[:, 0]
    return Sample(
        classes=np.where(present, 0, 1).astype(np.int8),
        present=np.full((n, 2), np.nan, dtype=np.float32),
        predicted=np.where(above > 0, 0, 1).astype(np.int8),
        probability=probability.astype(np.float32),
        clusters=patients,
        weights=np.ones((count, 3), dtype=np.float32),
        train_mix=np.full(2, np.nan),
    )


def _patients(cell: Cell, rng: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:
    drawn = 0
    for patient in range(cell.images):
        more = int(rng.negative_binomial(1, 1 / _IMAGES_A_PATIENT)) if cell.clustered else 0
        yield np.full(1 + more, patient)
        drawn += 1 + more
        if drawn >= cell.images:
            return


def _threshold(cell: Cell) -> float:
    return cell.distance / 2 + math.log((1 - PREVALENCE) / PREVALENCE) / cell.distance


def _percentiles(sample: Sample, *, seed: int) -> Interval:
    drawn = resample(sample.clusters, seed=seed, dataset="site", replicates=REPLICATES)
    order = ranking.rank(
        sample.classes == 0, sample.probability[:, 0], clusters=drawn.clusters, n_clusters=drawn.weights.shape[0]
    )
    return intervals.percentile(ranking.areas(order, drawn.weights).auroc[1:])


def main() -> None:
    """Prints the table of ADR 5."""
    print("                              coverage (truth below the interval / above it)")
    print(f"images       AUROC  positives  {'AUROC':<19} {'its percentiles':<19} {'average precision':<19} F1")
    for cell in CELLS:
        found = simulate(cell, samples=SAMPLES)
        shown = [found[name] for name in ("auroc", PERCENTILES, "average_precision", "f1")]
        words = [f"{each.coverage:.3f} ({each.below / each.n:.3f}/{each.above / each.n:.3f})" for each in shown]
        kind = "clustered" if cell.clustered else "independent"
        print(
            f"{kind:<12} {cell.auroc:.2f}  {cell.positives:9}  {' '.join(f'{word:<19}' for word in words)}", flush=True
        )


if __name__ == "__main__":
    main()
