"""One number of a results table, with its interval and what it rests on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cxr_core.statistics import design, intervals
from cxr_core.statistics.intervals import Interval

ESTIMABLE = 30
"""Fewest images, counted as patients count, that make a number more than an anecdote."""

FEW = 10
"""Below so many successes or failures the bootstrap of a proportion is too narrow, and Wilson's interval takes over."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class MetricEstimate:
    """One metric of one group of images.

    Attributes:
        metric: Snake case, as stored.
        finding: The index of a class, or None: of no one class.
        value: NaN where undefined.
        interval: 95 %, over patients; none for members.
        n: Number of images.
        n_positive: Number of images with the finding; None: of no one class.
        n_effective: Number of independent images that tell as much as those that count for the metric
            (`design.independent`); of a mean, the least of its parts. NaN: a mean of nothing.
        replicates: The metric in each replicate, shape ``(r,)``, NaN where undefined; empty for members. For areas
            under curves its linear approximation.
        has_own_interval: Whether the interval is not the percentiles of the replicates, so that the interval of a
            difference must be made from it too.
        operating_point: At which it was measured; None: it needs none.
        alike: For areas under curves, how the metric of this class and of each other vary together over patients, shape
            ``(k,)``, correlations in [-1, 1]; None: read it off the replicates.
    """

    metric: str
    finding: int | None
    value: float
    interval: Interval
    n: int
    n_positive: int | None
    n_effective: float
    replicates: npt.NDArray[np.float32]
    has_own_interval: bool = False
    operating_point: str | None = None
    alike: Values | None = None

    @property
    def not_estimable(self) -> bool:
        """Whether it rests on too few images."""
        return not self.n_effective >= ESTIMABLE

    def as_count(self, *, value: int) -> "MetricEstimate":
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
        intraclass_correlation: How alike images of a patient are.
    """

    n: int
    size: float
    intraclass_correlation: float


def estimate(
    metric: str,
    values: Values,
    *,
    n: int,
    n_effective: float,
    n_positive: int | None = None,
    finding: int | None = None,
) -> MetricEstimate:
    """An estimate with a percentile interval.

    Args:
        metric: Its name.
        values: Shape ``(1 + r,)``: the value, then the replicates.
        n: Number of images.
        n_effective: What they are worth.
        n_positive: Number of images with the finding.
        finding: The index of a class, or None.

    Returns:
        The estimate; no interval without replicates, nor where the value is undefined: it is so in every replicate too.
    """
    return MetricEstimate(
        metric=metric,
        finding=finding,
        value=float(values[0]),
        interval=intervals.percentile(values[1:]),
        n=n,
        n_positive=n_positive,
        n_effective=n_effective,
        replicates=values[1:].astype(np.float32),
    )


def proportion(plain: MetricEstimate, *, trials: Trials) -> MetricEstimate:
    """The same estimate, with Wilson's interval at the effective sample size where successes or failures are few.

    Wilson's interval does not rest on the replicates, so it stands even where they are often undefined.
    """
    if math.isnan(plain.value) or round(min(plain.value, 1 - plain.value) * trials.n) >= FEW:
        return plain
    if not plain.replicates.size:
        return plain
    effective = design.effective_size(trials.n, size=trials.size, intraclass_correlation=trials.intraclass_correlation)
    return replace(plain, has_own_interval=True, interval=intervals.wilson(plain.value, n=effective))


def mean_of(parts: Sequence[MetricEstimate], *, like: MetricEstimate) -> MetricEstimate:
    """The mean of estimates that share their replicates: of several classes, or of the ensembles of several folds.

    Args:
        parts: What it is the mean of. Their order does not matter.
        like: What the mean is called and which images it counts.

    Returns:
        The mean; its interval from those of the parts where each has its own (`intervals.average`), else the
        percentiles of the parts' mean replicates; none where replicates often lose a part. `n_effective` is the least
        of theirs. Undefined where there are no parts or one of them is undefined.
    """
    if not parts:
        nothing = np.full_like(like.replicates, np.nan)
        return replace(like, value=math.nan, interval=intervals.NONE, n_effective=math.nan, replicates=nothing)
    drawn = np.stack([part.replicates for part in parts])
    replicates = drawn.mean(axis=0)
    is_own = all(part.has_own_interval for part in parts) and intervals.is_defined(replicates)
    return replace(
        like,
        value=float(np.mean([part.value for part in parts])),
        interval=_average(parts, drawn) if is_own else intervals.percentile(replicates),
        n_effective=float(np.min([part.n_effective for part in parts])),
        replicates=replicates,
        has_own_interval=is_own,
        alike=None,
    )


def _average(parts: Sequence[MetricEstimate], drawn: npt.NDArray[np.float32]) -> Interval:
    correlation = _correlation(parts)
    if correlation is None:
        with np.errstate(invalid="ignore", divide="ignore"):
            correlation = np.atleast_2d(np.corrcoef(drawn.astype(np.float64)))
    np.fill_diagonal(correlation, 1.0)
    return intervals.average([part.value for part in parts], [part.interval for part in parts], correlation=correlation)


def _correlation(parts: Sequence[MetricEstimate]) -> Values | None:
    """How classes of one model vary together; None: it is not known, or they are not different classes."""
    classes = [part.finding for part in parts if part.finding is not None]
    rows = [part.alike for part in parts if part.alike is not None]
    if len(set(classes)) < len(parts) or len(rows) < len(parts):
        return None
    return np.stack(rows)[:, classes]
