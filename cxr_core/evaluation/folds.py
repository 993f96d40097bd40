"""Means over the ensembles of several folds: a number of as many networks on both sides of a gap.

Internally each fold's ensemble is measured on the part that it held out, elsewhere on all images. The replicates of a
dataset are shared by all folds, so that a mean over folds is one in each of them too.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from cxr_core.evaluation import by_class
from cxr_core.evaluation.by_class import Key, by_key, by_operating_point
from cxr_core.evaluation.estimates import MetricEstimate, mean_of
from cxr_core.evaluation.group import Measured
from cxr_core.metrics.catalogue import record
from cxr_core.statistics import intervals

_GroupKey = tuple[str, str, str, str, str]


def averaged(found: Sequence[Measured]) -> Iterator[Measured]:
    """What was measured on one dataset, with the means over folds.

    Args:
        found: Every model's groups. Where a model is the mean over folds, its own groups say which images all folds
            have together, and are replaced.

    Yields:
        All groups of the other models, then the means. There is none where a fold has no image of the group.
    """
    folds: dict[_GroupKey, list[Measured]] = {}
    for group in found:
        if group.fold_of is not None:
            folds.setdefault(_group_key(group.fold_of, group), []).append(group)
    means = {name for name, *_ in folds}
    size = {name: len({group.model_id for group in found if group.fold_of == name}) for name in means}
    together = {_group_key(group.model_id, group): group.estimates for group in found if group.model_id in means}
    yield from (group for group in found if group.model_id not in means)
    for group_key, groups in folds.items():
        if len(groups) == size[group_key[0]]:
            estimates = mean_estimates([group.estimates for group in groups], together=together.get(group_key))
            yield replace(groups[0], model_id=group_key[0], estimates=estimates, fold_of=None, has_gap=True)


def mean_estimates(
    folds: Sequence[Sequence[MetricEstimate]], *, together: Sequence[MetricEstimate] | None
) -> tuple[MetricEstimate, ...]:
    """Each metric's mean over folds.

    Args:
        folds: The same metrics of each fold.
        together: Those of all folds' images together, where each image is in one fold: how many there are, what no
            skill scores on them and what is taken for what. None where every fold has the same images.

    Returns:
        The means, undefined where a fold's is; each operating point apart. A mean over classes is one of their means
        over folds. Counts of what is taken for what are left out where there is no `together`: no image has a single
        answer then.
    """
    points = [by_operating_point(fold) for fold in folds]
    whole = by_operating_point(together or ())
    return tuple(
        estimate
        for point in points[0]
        if all(point in fold for fold in points)
        for estimate in _at_point([by_key(fold[point]) for fold in points], whole=by_key(whole.get(point, ())))
    )


def _at_point(
    keyed: Sequence[Mapping[Key, MetricEstimate]], *, whole: Mapping[Key, MetricEstimate]
) -> tuple[MetricEstimate, ...]:
    each = {key: _mean(keyed, key, whole=whole) for key in keyed[0] if record(key[0]).mean_of is None}
    return tuple(
        _over_classes(key[0], each, like=like) if record(key[0]).mean_of else each[key]
        for key, like in (whole or keyed[0]).items()
        if whole or record(key[0]).scope != "count"
    )


def _mean(
    folds: Sequence[Mapping[Key, MetricEstimate]], key: Key, *, whole: Mapping[Key, MetricEstimate]
) -> MetricEstimate:
    if whole and record(key[0]).scope in ("count", "no_skill"):
        return whole[key]
    parts = [fold[key] for fold in folds]
    mean = mean_of(parts, like=whole.get(key, parts[0]))
    if all(math.isnan(part.interval.low) for part in parts):
        mean = replace(mean, interval=intervals.NONE)
    return replace(mean, n_effective=whole[key].n_effective) if whole else mean


def _over_classes(name: str, each: Mapping[Key, MetricEstimate], *, like: MetricEstimate) -> MetricEstimate:
    metric = record(name)
    return by_class.over(metric, each, classes=by_class.averaged(metric, each), like=like)


def _group_key(model_id: str, group: Measured) -> _GroupKey:
    return model_id, group.role, group.policy, group.task, group.stratum
