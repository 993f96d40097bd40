"""The rows of the tables `metric` and `gap`.

A gap is internal test minus external test, like for like. A prediction on training images has the role ``train`` and is
never looked at here, so it cannot enter a gap.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

import pandas as pd

from cxr_core.evaluation import by_class
from cxr_core.evaluation.by_class import Key, by_key, by_operating_point
from cxr_core.evaluation.estimates import MetricEstimate
from cxr_core.evaluation.group import Measured
from cxr_core.metrics.catalogue import record
from cxr_core.metrics.record import Metric
from cxr_core.statistics import intervals
from cxr_core.statistics.intervals import Interval

METRIC_COLUMNS = (
    "model_id", "dataset", "role", "policy", "task", "stratum", "finding", "metric", "operating_point", "value",
    "low", "high", "n", "n_positive", "n_effective", "not_estimable",
)  # fmt: skip

GAP_COLUMNS = (
    "model_id", "internal_dataset", "internal_policy", "external_dataset", "external_policy", "task", "stratum",
    "finding", "metric", "operating_point", "internal_value", "external_value", "value", "low", "high",
    "not_estimable", "classes",
)  # fmt: skip

_METRIC_FLOATS = dict.fromkeys(("value", "low", "high", "n_effective"), "float64")
_GAP_FLOATS = dict.fromkeys(("internal_value", "external_value", "value", "low", "high"), "float64")


def metric_rows(measured: Sequence[Measured]) -> pd.DataFrame:
    """One row per group, class and metric.

    Args:
        measured: From `measure`.

    Returns:
        The columns of the table; ``finding`` and ``n_positive`` (Int32) are missing for metrics of no one class,
        ``operating_point`` for those that need none; ``value``, ``low``, ``high`` and ``n_effective`` are NaN where
        undefined.
    """
    frame = pd.DataFrame(_rows(measured), columns=list(METRIC_COLUMNS))
    return frame.astype({"n": "int32", "n_positive": "Int32", "not_estimable": "bool"} | _METRIC_FLOATS)


def _rows(measured: Iterable[Measured]) -> list[tuple[object, ...]]:
    return [
        (
            *(group.model_id, group.dataset, group.role, group.policy, group.task, group.stratum),
            None if estimate.finding is None else group.classes[estimate.finding],
            *(estimate.metric, estimate.operating_point),
            *(estimate.value, estimate.interval.low, estimate.interval.high),
            *(estimate.n, estimate.n_positive, estimate.n_effective, estimate.not_estimable),
        )
        for group in measured
        for estimate in group.estimates
    ]


def gap_rows(measured: Sequence[Measured]) -> pd.DataFrame:
    """One row per ensemble, pair of internal test and external test, class and metric.

    Both sides of a pair have the same task and stratum. The sites' replicates are drawn independently and subtracted;
    where either site has an interval that is not made of its replicates, the gap's comes from both sites' own
    (`intervals.difference`). Averages over classes are recomputed over those that both sites share: with enough
    positives at both, for ``balanced_accuracy`` with images at both; the list is in ``classes``. Counts and no-skill
    lines have no gap. A gap is not estimable if either side is not.

    Where a metric is undefined at a site, as it is of a finding that the site does not label or the model does not
    predict there, its gap is a row without a value: readers look for values. A metric that one site has no basis for at
    all has no row: what rests on scores where there are flags alone, or an operating point of one site.

    Args:
        measured: From `measure`.

    Returns:
        The columns of the table, NaN where undefined; no row where there is no internal test.
    """
    ensembles = [group for group in measured if group.is_ensemble and group.has_gap]
    internal = [group for group in ensembles if group.role == "internal_test"]
    external = [group for group in ensembles if group.role == "external_test"]
    rows = [row for pair in product(internal, external) if _alike(*pair) for row in _pair(*pair)]
    return pd.DataFrame(rows, columns=list(GAP_COLUMNS)).astype(_GAP_FLOATS | {"not_estimable": "bool"})


def _alike(internal: Measured, external: Measured) -> bool:
    return (internal.model_id, internal.task, internal.stratum) == (external.model_id, external.task, external.stratum)


def _pair(internal: Measured, external: Measured) -> Iterator[tuple[object, ...]]:
    inner, outer = by_operating_point(internal.estimates), by_operating_point(external.estimates)
    for point in inner:
        if point in outer:
            yield from _pair_at(point, internal, external, by_key(inner[point]), by_key(outer[point]))


def _pair_at(
    point: str | None,
    internal: Measured,
    external: Measured,
    inside: Mapping[Key, MetricEstimate],
    outside: Mapping[Key, MetricEstimate],
) -> Iterator[tuple[object, ...]]:
    place = (
        *(internal.model_id, internal.dataset, internal.policy),
        *(external.dataset, external.policy, internal.task, internal.stratum),
    )
    for name, finding in inside:
        metric = record(name)
        if not metric.has_gap or (name, finding) not in outside:
            continue
        classes = _shared_classes(metric, inside, outside)
        first, second = (_over(metric, side, finding=finding, classes=classes) for side in (inside, outside))
        interval = _interval(first, second)
        yield (
            *place,
            None if finding is None else internal.classes[finding],
            *(name, point),
            *(first.value, second.value, first.value - second.value, interval.low, interval.high),
            first.not_estimable or second.not_estimable,
            [internal.classes[index] for index in classes],
        )


def _shared_classes(
    metric: Metric, inside: Mapping[Key, MetricEstimate], outside: Mapping[Key, MetricEstimate]
) -> list[int]:
    if metric.mean_of is None:
        return []
    return sorted({*by_class.averaged(metric, inside)} & {*by_class.averaged(metric, outside)})


def _over(
    metric: Metric, side: Mapping[Key, MetricEstimate], *, finding: int | None, classes: Sequence[int]
) -> MetricEstimate:
    own = side[metric.name, finding]
    return own if metric.mean_of is None else by_class.over(metric, side, classes=classes, like=own)


def _interval(first: MetricEstimate, second: MetricEstimate) -> Interval:
    if first.has_own_interval or second.has_own_interval:
        return intervals.difference(first.value, first.interval, second=second.value, second_interval=second.interval)
    # A site without an interval would enter as if it were certain.
    if any(math.isnan(estimate.value) or math.isnan(estimate.interval.low) for estimate in (first, second)):
        return intervals.NONE
    return intervals.percentile(first.replicates - second.replicates)
