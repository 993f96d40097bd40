"""Areas under curves of each class against the rest, with intervals in closed form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation.estimates import Estimate, Values, estimate
from cxr_core.evaluation.sample import Sample
from cxr_core.metrics import influence, ranking, variance
from cxr_core.statistics import design, score

Bools = npt.NDArray[np.bool_]

_INFLUENCE = {"auroc": influence.auroc, "average_precision": influence.average_precision}


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

    plain: Estimate
    ranked: _Ranked

    def influence(self) -> Values:
        return _INFLUENCE[self.plain.metric](self.ranked.present, self.ranked.scores)


def areas(sample: Sample, *, present: Bools, known: Bools) -> tuple[Estimate, ...]:
    """AUROC and average precision of each class: six of the one, then six of the other.

    Args:
        sample: m images.
        present: Shape ``(m, 6)``.
        known: Shape ``(m, 6)``: the images that count for each class.

    Returns:
        The estimates, NaN where undefined. Their replicates are the values that the influences of the patients in each
        replicate add up to: exact for small changes, and a hundredth of the cost of ranking anew.
    """
    ranked = [
        _Ranked(
            index=index,
            present=present[kept, index],
            scores=sample.probability[kept, index],
            clusters=sample.clusters[kept],
        )
        for index, kept in enumerate(known.T)
    ]
    found = [_values(each) for each in ranked]
    plain = [
        *(_area("auroc", each, value=both.auroc) for each, both in zip(ranked, found, strict=True)),
        *(
            _area("average_precision", each, value=both.average_precision)
            for each, both in zip(ranked, found, strict=True)
        ),
    ]
    return _with_intervals(plain, sample) if sample.weights.shape[1] > 1 else tuple(each.plain for each in plain)


def _values(ranked: _Ranked) -> ranking.Areas:
    alone = np.arange(ranked.present.size)
    order = ranking.rank(ranked.present, ranked.scores, clusters=alone, n_clusters=alone.size)
    return ranking.areas(order, np.ones((alone.size, 1)))


def _area(metric: str, ranked: _Ranked, *, value: Values) -> _Area:
    positives, negatives = (design.independent(ranked.clusters[kind]) for kind in (ranked.present, ~ranked.present))
    plain = estimate(
        metric,
        value,
        finding=ranked.index,
        n=ranked.present.size,
        n_positive=int(ranked.present.sum()),
        n_effective=min(positives, negatives) if metric == "auroc" else positives,
    )
    return _Area(plain=plain, ranked=ranked)


def _with_intervals(plain: Sequence[_Area], sample: Sample) -> tuple[Estimate, ...]:
    changes = [each.influence() for each in plain]
    patients = sample.weights.shape[0]
    by_patient = [
        np.bincount(each.ranked.clusters, weights=change, minlength=patients)
        for each, change in zip(plain, changes, strict=True)
    ]
    drawn = (np.array(by_patient, dtype=np.float32) @ sample.weights)[:, 1:]
    return tuple(
        replace(
            each.plain,
            interval=score.interval(
                each.plain.value,
                influence=change,
                clusters=each.ranked.clusters,
                kinds=(each.ranked.present, ~each.ranked.present),
                variance=_variance(each.plain.metric, each.ranked.present),
            ),
            replicates=np.float32(each.plain.value) + changed,
            has_own_interval=True,
        )
        for each, change, changed in zip(plain, changes, drawn, strict=True)
    )


def _variance(metric: str, present: Bools) -> variance.Variance:
    positives = int(present.sum())
    if metric == "auroc":
        return variance.hanley_mcneil(positives=positives, negatives=present.size - positives)
    return variance.binomial(positives)
