"""What so many patients of the external site buy: a refit, or a threshold, chosen on them and judged on others.

Half of the patients are set aside once as the judge; the others are drawn from, so that more patients to choose on
never mean fewer to judge by.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core.shift import refit, thresholds
from cxr_core.shift.answers import Bools, SiteAnswers, Values

COUNTS = (20, 50, 100, 200)
"""The numbers of patients that are tried, where the site has at least twice as many."""

DRAWS = 200


@dataclass(frozen=True, kw_only=True)
class LocalGain:
    """What a number of local patients buys, over the draws of them.

    Attributes:
        patients: How many.
        metric: What is gained.
        gain: The mean.
        spread: The standard deviation.
        low: The 5th percentile.
        high: The 95th.
        lacking: Share of the draws that lack a class.
        judged_by: Number of patients that judge.
    """

    patients: int
    metric: str
    gain: float
    spread: float
    low: float
    high: float
    lacking: float
    judged_by: int


def of_refit(answers: SiteAnswers, *, seed: int) -> tuple[LocalGain, ...]:
    """What a refit of temperature and biases gains in accuracy and in balanced accuracy.

    Args:
        answers: The external site's images.
        seed: The run's.
    """
    before = answers.correct()

    def tried(drawn: Bools, judge: Bools) -> tuple[tuple[float, ...], bool]:
        parameters = refit.fit(answers.scores[drawn], answers.classes[drawn])
        own = answers.classes[judge]
        gained = refit.scores(answers.scores[judge], parameters).argmax(axis=1) == own
        change = gained.astype(np.float64) - before[judge]
        by_class = [change[own == index].mean() for index in np.unique(own)]
        lacks = np.unique(answers.classes[drawn]).size < np.unique(answers.classes).size
        return (float(change.mean()), float(np.mean(by_class))), lacks

    return _drawn(answers.clusters, tried, metrics=("accuracy", "balanced_accuracy"), seed=seed)


def of_threshold(
    scores: npt.NDArray[np.float32],
    present: Bools,
    *,
    clusters: npt.NDArray[np.int64],
    carried: float,
    seed: int,
) -> tuple[LocalGain, ...]:
    """What a threshold by Youden's rule gains in balanced accuracy, over the one that was carried there.

    Args:
        scores: Of a finding at the external site, shape ``(n,)``, finite.
        present: Reference standard, shape ``(n,)``.
        clusters: Patient of each image, shape ``(n,)``.
        carried: The internal site's threshold; it stays where the drawn patients lack positives or negatives.
        seed: The run's.

    Returns:
        Nothing where those who judge lack positives or negatives.
    """

    def balanced(threshold: float, judge: Bools) -> float:
        flagged, known = scores[judge] >= np.float32(threshold), present[judge]
        if known.all() or not known.any():
            return math.nan
        return float((flagged[known].mean() + (~flagged[~known]).mean()) / 2)

    def tried(drawn: Bools, judge: Bools) -> tuple[tuple[float, ...], bool]:
        chosen = thresholds.choose(scores[drawn], present[drawn], rule="youden")
        lacks = bool(np.isnan(chosen))
        return (balanced(carried if lacks else chosen, judge) - balanced(carried, judge),), lacks

    return _drawn(clusters, tried, metrics=("balanced_accuracy",), seed=seed)


def _drawn(
    clusters: npt.NDArray[np.int64],
    tried: Callable[[Bools, Bools], tuple[tuple[float, ...], bool]],
    *,
    metrics: tuple[str, ...],
    seed: int,
) -> tuple[LocalGain, ...]:
    rng = np.random.default_rng([seed, 7])
    patients, own = np.unique(clusters, return_inverse=True)
    order = rng.permutation(patients.size)
    judges, others = order[: patients.size // 2], order[patients.size // 2 :]
    judge = np.isin(own, judges)
    found: list[LocalGain] = []
    for count in (count for count in COUNTS if patients.size >= 2 * count):
        draws = [tried(np.isin(own, rng.choice(others, count, replace=False)), judge) for _ in range(DRAWS)]
        gains: Values = np.array([gain for gain, _ in draws])
        defined = [(metric, gain) for metric, gain in zip(metrics, gains.T, strict=True) if np.isfinite(gain).all()]
        for metric, gain in defined:
            low, high = np.percentile(gain, [5, 95])
            found.append(
                LocalGain(
                    patients=count,
                    metric=metric,
                    gain=float(gain.mean()),
                    spread=float(gain.std(ddof=1)),
                    low=float(low),
                    high=float(high),
                    lacking=float(np.mean([lacks for _, lacks in draws])),
                    judged_by=judges.size,
                )
            )
    return tuple(found)
