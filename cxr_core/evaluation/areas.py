"""Areas under curves of each class against the rest, with intervals in closed form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation.estimates import MetricEstimate, Values, estimate
from cxr_core.evaluation.group import Sample
from cxr_core.metrics import catalogue, ranking
from cxr_core.metrics.record import FromRanking, Metric, Task
from cxr_core.metrics.variance import Variance
from cxr_core.statistics import design, resampling, score

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class _Ranked:
    """The m images that count for one class."""

    index: int
    present: Bools
    scores: npt.NDArray[np.float32]
    clusters: npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class _Area:
    """One area of one class, before it has an interval."""

    plain: MetricEstimate
    ranked: _Ranked
    source: FromRanking

    def influence(self) -> Values:
        return self.source.influence(self.ranked.present, self.ranked.scores)

    def variance(self) -> Variance:
        positives = int(self.ranked.present.sum())
        return self.source.variance(positives, self.ranked.present.size - positives)


def areas(
    sample: Sample, scores: npt.NDArray[np.float32], *, present: Bools, known: Bools, task: Task
) -> tuple[MetricEstimate, ...]:
    """What the catalogue computes from scores: one metric of each class after the other.

    Args:
        sample: m images.
        scores: Their probabilities, shape ``(m, k)``; finite where they count.
        present: Shape ``(m, k)``.
        known: Shape ``(m, k)``: the images that count for each class.
        task: What is measured.

    Returns:
        The estimates, NaN where undefined. Their replicates are the values that the influences of the patients in each
        replicate add up to: exact for small changes, and a hundredth of the cost of ranking anew.
    """
    ranked = [
        _Ranked(
            index=index,
            present=present[kept, index],
            scores=scores[kept, index],
            clusters=sample.clusters[kept],
        )
        for index, kept in enumerate(known.T)
    ]
    found = [_under_curves(each) for each in ranked]
    plain = [
        _area(metric, each, source=metric.source, value=metric.source.value(under))
        for metric in catalogue.records(scope="class", task=task)
        if isinstance(metric.source, FromRanking)
        for each, under in zip(ranked, found, strict=True)
    ]
    return _with_intervals(plain, sample) if sample.weights.shape[1] > 1 else tuple(area.plain for area in plain)


def _under_curves(ranked: _Ranked) -> ranking.Areas:
    alone = np.arange(ranked.present.size)
    order = ranking.rank(ranked.present, ranked.scores, clusters=alone, n_clusters=alone.size)
    return ranking.areas(order, np.ones((alone.size, 1)))


def _area(metric: Metric, ranked: _Ranked, *, source: FromRanking, value: Values) -> _Area:
    plain = estimate(
        metric.name,
        value,
        finding=ranked.index,
        n=ranked.present.size,
        n_positive=int(ranked.present.sum()),
        n_effective=min(design.independent(ranked.clusters[kind]) for kind in metric.kinds(present=ranked.present)),
    )
    return _Area(plain=plain, ranked=ranked, source=source)


def _drawn(by_patient: npt.NDArray[np.float32], weights: resampling.Weights) -> npt.NDArray[np.float32]:
    if weights.dtype == np.float32:
        return np.asarray(by_patient @ weights, dtype=np.float32)
    return resampling.counted(by_patient, weights).astype(np.float32)


def _with_intervals(plain: Sequence[_Area], sample: Sample) -> tuple[MetricEstimate, ...]:
    changes = [area.influence() for area in plain]
    patients = sample.weights.shape[0]
    by_patient = [
        np.bincount(area.ranked.clusters, weights=change, minlength=patients).astype(np.float64)
        for area, change in zip(plain, changes, strict=True)
    ]
    drawn = _drawn(np.array(by_patient, dtype=np.float32), sample.weights)[:, 1:]
    metrics = {area.plain.metric for area in plain}
    alike = np.concatenate([_alike(rows) for rows in np.split(np.array(by_patient), len(metrics))])
    return tuple(
        replace(
            area.plain,
            interval=score.interval(
                area.plain.value,
                influence=change,
                clusters=area.ranked.clusters,
                kinds=(area.ranked.present, ~area.ranked.present),
                variance=area.variance(),
            ),
            replicates=np.float32(area.plain.value) + changed,
            has_own_interval=True,
            alike=row,
        )
        for area, change, changed, row in zip(plain, changes, drawn, alike, strict=True)
    )


def _alike(by_patient: Values) -> Values:
    """How the areas of k classes vary together over patients, shape ``(k, k)``; NaN where one is undefined or constant.

    It is the correlation that endless replicates would have: other images of the dataset have no part in it. Nor has
    the order of the patients, which moves the last bits of a sum: they are rounded off.
    """
    covariance = by_patient @ by_patient.T
    spread = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.clip(covariance / np.outer(spread, spread), -1, 1).round(9))
