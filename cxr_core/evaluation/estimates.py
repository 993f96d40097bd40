"""One number of a results table, with its interval and what it rests on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cxr_core.statistics import design, intervals
from cxr_core.statistics.intervals import Interval

ESTIMABLE = 30
"""Fewest positives of a class (images, for a metric of no one class) that make a number more than an anecdote."""

FEW = 10
"""Below so many successes or failures the bootstrap of a proportion is too narrow, and Wilson's interval takes over."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One metric of one group of images.

    Attributes:
        metric: Snake case, as stored.
        finding: 0-5, or None: of no one class.
        value: NaN where undefined.
        interval: 95 %, over patients; none for members.
        n: Number of images.
        n_positive: Number of images with the finding; None: of no one class.
        not_estimable: Too few of them.
        replicates: The metric in each replicate, shape ``(r,)``, NaN where undefined; empty for members.
        few: Whether it is a proportion with too few successes or failures for percentiles.
    """

    metric: str
    finding: int | None
    value: float
    interval: Interval
    n: int
    n_positive: int | None
    not_estimable: bool
    replicates: npt.NDArray[np.float32]
    few: bool = False

    def as_count(self, *, value: int) -> "Estimate":
        """A share of the positives turned into their number, and its interval with it.

        Args:
            value: Their number.
        """
        total = math.nan if self.n_positive is None else float(self.n_positive)
        interval = Interval(low=self.interval.low * total, high=self.interval.high * total)
        return replace(self, value=float(value), interval=interval)


@dataclass(frozen=True, kw_only=True)
class Trials:
    """What a proportion is a share of.

    Attributes:
        n: Number of images.
        size: Size of the patient that a random one of them belongs to.
        rho: How alike images of a patient are.
    """

    n: int
    size: float
    rho: float


def estimate(
    metric: str, values: Values, *, n: int, n_positive: int | None, finding: int | None = None, not_estimable: bool
) -> Estimate:
    """An estimate with a percentile interval.

    Args:
        metric: Its name.
        values: Shape ``(1 + r,)``: the value, then the replicates.
        n: Number of images.
        n_positive: Number of images with the finding.
        finding: 0-5, or None.
        not_estimable: Whether that is too few.

    Returns:
        The estimate; no interval without replicates, nor where the value is undefined: it is so in every replicate too.
    """
    return Estimate(
        metric=metric,
        finding=finding,
        value=float(values[0]),
        interval=intervals.percentile(values[1:]),
        n=n,
        n_positive=n_positive,
        not_estimable=not_estimable,
        replicates=values[1:].astype(np.float32),
    )


def proportion(plain: Estimate, *, trials: Trials) -> Estimate:
    """The same estimate, with Wilson's interval at the effective sample size where successes or failures are few.

    Wilson's interval does not rest on the replicates, so it stands even where they are often undefined.
    """
    if math.isnan(plain.value) or round(min(plain.value, 1 - plain.value) * trials.n) >= FEW:
        return plain
    if not plain.replicates.size:
        return replace(plain, few=True)
    effective = design.effective_size(trials.n, size=trials.size, rho=trials.rho)
    return replace(plain, few=True, interval=intervals.wilson(plain.value, n=effective))


def mean_of(parts: Sequence[Estimate], *, like: Estimate) -> Estimate:
    """The mean of estimates that share their replicates: of several classes, or of the ensembles of several folds.

    Args:
        parts: What it is the mean of.
        like: What the mean is called and which images it counts.

    Returns:
        The mean, undefined where there are no parts or one of them is undefined; its interval the percentiles of the
        parts' mean replicates, or where a part has few successes or failures the mean of the parts' ends, as if their
        errors were one and the same.
    """
    if not parts:
        nothing = np.full_like(like.replicates, np.nan)
        return replace(like, value=math.nan, interval=intervals.NONE, replicates=nothing, not_estimable=True)
    replicates = np.mean([part.replicates for part in parts], axis=0)
    few = any(part.few for part in parts)
    ends = np.mean([(part.interval.low, part.interval.high) for part in parts], axis=0)
    return replace(
        like,
        value=float(np.mean([part.value for part in parts])),
        interval=Interval(low=float(ends[0]), high=float(ends[1])) if few else intervals.percentile(replicates),
        replicates=replicates,
        few=few,
        not_estimable=any(part.not_estimable for part in parts),
    )
