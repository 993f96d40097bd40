"""How often the 95 % interval of a share holds the truth: `python -m benchmarks.share_coverage`, some minutes.

A patient has 2.5 images on average, the most of them in few patients. How many of them are counted is drawn with a
chance of the patient's own, so that two images of a patient agree by a known correlation. Each sample goes through both
of the library's intervals of a share: that of `statistics.shares`, which pages use, and that of `evaluation`.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.coverage import Tally
from cxr_core.evaluation.estimates import Trials, estimate, proportion
from cxr_core.statistics import design, resampling, shares
from cxr_core.statistics.intervals import Interval

SAMPLES = 1000
REPLICATES = 400
METHODS = ("pages", "evaluation")

_IMAGES_A_PATIENT = 2.5

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What is simulated.

    Attributes:
        patients: How many.
        alike: Correlation of two images of a patient, in [0, 1].
        share: The true one.
    """

    patients: int
    alike: float
    share: float


CELLS = tuple(
    Cell(patients=patients, alike=alike, share=share)
    for patients in (30, 100, 500)
    for alike in (0.0, 0.3, 0.8)
    for share in (0.02, 0.05, 0.2, 0.5)
)


@dataclass(kw_only=True)
class Found:
    """What a method found in the samples of a cell.

    Attributes:
        tally: How often the truth was held.
        width: The sum of the widths of its intervals.
    """

    tally: Tally
    width: float = 0.0

    def add(self, interval: Interval, *, truth: float) -> None:
        """Counts an interval, unless there is none."""
        self.tally.add(interval, truth=truth)
        if not math.isnan(interval.low):
            self.width += interval.high - interval.low


def simulate(cell: Cell, *, samples: int, seed: int = 0) -> dict[str, Found]:
    """Draws samples of a cell and counts which intervals hold the truth.

    Args:
        cell: What is simulated.
        samples: How often.
        seed: Of the draws.

    Returns:
        By name, of `METHODS`.
    """
    rng = np.random.default_rng(seed)
    found = {method: Found(tally=Tally()) for method in METHODS}
    for number in range(samples):
        counted, images = draw(cell, rng)
        found["pages"].add(shares.share(counted, images).interval, truth=cell.share)
        found["evaluation"].add(bootstrapped(counted, images, seed=number), truth=cell.share)
    return found


def draw(cell: Cell, rng: np.random.Generator) -> tuple[Counts, Counts]:
    """One sample: of each patient how many images are counted, and how many there are."""
    images = 1 + rng.negative_binomial(1, 1 / _IMAGES_A_PATIENT, size=cell.patients)
    chance = np.full(cell.patients, cell.share)
    if cell.alike:
        spread = 1 / cell.alike - 1
        chance = rng.beta(cell.share * spread, (1 - cell.share) * spread, size=cell.patients)
    return rng.binomial(images, chance), images


def bootstrapped(counted: Counts, images: Counts, *, seed: int) -> Interval:
    """The interval that evaluation gives a share of all images."""
    patients = np.arange(images.size)
    weights = resampling.resample(patients, seed=seed, dataset="site", replicates=REPLICATES).weights.astype(np.float64)
    values = (counted @ weights) / (images @ weights)
    clusters = np.repeat(patients, images)
    size = design.cluster_size(clusters)
    rho = design.intraclass_correlation(values[1:], share=float(values[0]), n=clusters.size, size=size)
    plain = estimate("share", values, n=clusters.size, n_effective=design.independent(clusters))
    return proportion(plain, trials=Trials(n=clusters.size, size=size, intraclass_correlation=rho)).interval


def main() -> None:
    """Prints the table of ADR 5."""
    print("                        coverage (truth below the interval / above it), mean width in points")
    print(f"patients  alike  share  {'pages: statistics.shares':<30} evaluation: bootstrap, Wilson where few")
    for cell in CELLS:
        found = simulate(cell, samples=SAMPLES)
        words = []
        for method in METHODS:
            tally = found[method].tally
            ends = f"({tally.below / tally.n:.3f}/{tally.above / tally.n:.3f})"
            words.append(f"{tally.coverage:.3f} {ends}  {100 * found[method].width / tally.n:5.1f}")
        print(f"{cell.patients:8}  {cell.alike:5.1f}  {cell.share:5.2f}  {words[0]:<30} {words[1]}", flush=True)


if __name__ == "__main__":
    main()
