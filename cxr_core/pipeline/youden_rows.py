"""Rows of each finding: its Youden index taken apart, and its verdict, from metrics at that rule's thresholds."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from cxr_core.evaluation.estimates import MetricEstimate
from cxr_core.evaluation.group import Measured
from cxr_core.pipeline.compared_files import PairFiles, TestFiles
from cxr_core.pipeline.waterfall_rows import Row, Values, part_row
from cxr_core.roles import local_model
from cxr_core.settings import Role
from cxr_core.shift import verdict
from cxr_core.statistics import intervals


def rows_by_youden(
    pair: PairFiles, measured: Sequence[Measured], *, classes: Sequence[str]
) -> tuple[list[Row], list[Row]]:
    """Each finding's Youden index taken apart, and its verdict.

    Args:
        pair: The two tests.
        measured: Every metric of the run.
        classes: What the run's classes are called.

    Returns:
        Rows of `waterfall`, and rows of `verdict`.
    """
    local = local_model(pair.model_id)
    inner = _estimates(measured, pair.model_id, pair.internal, "internal_test")
    outer = _estimates(measured, pair.model_id, pair.external, "external_test")
    own = _estimates(measured, local, pair.external, "external_adapted")
    terms: list[Row] = []
    verdicts: list[Row] = []
    for index, name in enumerate(classes):
        j = [_youden(side, index) for side in (inner, outer, own)]
        auroc = [side.get(("auroc", index, None)) for side in (inner, outer)]
        if any(each is None for each in (*j, *auroc)):
            continue
        found = verdict.youden_terms(internal=_of(j[0]), carried=_of(j[1]), local=_of(j[2]))
        if not all(each is not None and each.n for each in auroc):
            continue  # One of the sites does not label it, or the model does not predict it.
        place = pair.place | {"finding": name, "scale": "youden", "cause": None}
        terms += [place | part_row("gap", "gap", found.gap)]
        terms += [
            place | part_row("term", "thresholds", found.thresholds),
            place | part_row("term", "ranking", found.ranking),
        ]
        first, second = auroc
        if first is not None and second is not None:
            verdicts.append(pair.place | {"finding": name} | _verdict(first, second, found.thresholds))
    return terms, verdicts


def _of(values: Values | None) -> Values:
    if values is None:
        raise ValueError("Expected sensitivity and specificity in every replicate.")
    return values


def _verdict(internal: MetricEstimate, external: MetricEstimate, thresholds: Values) -> Row:
    if internal.not_estimable or external.not_estimable:
        return {"ranking": None, "threshold": None}
    lost = intervals.difference(
        internal.value, internal.interval, second=external.value, second_interval=external.interval
    )
    interval = intervals.percentile(thresholds[1:])
    return {"ranking": verdict.ranking(lost), "threshold": verdict.threshold(float(thresholds[0]), interval)}


_Key = tuple[str, int | None, str | None]


def _estimates(measured: Iterable[Measured], model_id: str, side: TestFiles, role: Role) -> dict[_Key, MetricEstimate]:
    place = (model_id, side.dataset, role, side.policy, "finding", "all")
    groups = [
        group
        for group in measured
        if (group.model_id, group.dataset, group.role, group.policy, group.task, group.stratum) == place
    ]
    return {
        (estimate.metric, estimate.finding, estimate.operating_point): estimate
        for group in groups
        for estimate in group.estimates
    }


def _youden(found: Mapping[_Key, MetricEstimate], index: int) -> Values | None:
    """Sensitivity + specificity - 1 at the rule's threshold, shape ``(1 + r,)``."""
    both = [found.get((metric, index, "youden")) for metric in ("recall", "specificity")]
    values = [np.append(each.value, each.replicates).astype(np.float64) for each in both if each is not None]
    return values[0] + values[1] - 1 if len(values) == len(both) else None
