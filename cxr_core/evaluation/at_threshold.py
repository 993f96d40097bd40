"""Metrics of each finding at an operating point: what is flagged, against what is present."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation import by_class
from cxr_core.evaluation.estimates import MetricEstimate, Values
from cxr_core.evaluation.group import Sample
from cxr_core.evaluation.predicted_classes import PredictedClasses, from_counts
from cxr_core.metrics import catalogue
from cxr_core.metrics.record import FromCounts
from cxr_core.statistics import resampling

Bools = npt.NDArray[np.bool_]

_PRESENT, _ABSENT = 0, 1
"""The two classes that the counts of a finding are of."""


def at_threshold(sample: Sample, *, operating_point: str) -> tuple[MetricEstimate, ...]:
    """What the catalogue computes from flags: means over findings, then one finding after the other.

    Args:
        sample: m images; for each finding, those whose presence is unknown, or that are neither flagged nor not, are
            left out here.
        operating_point: One of those that the sample has flags of.

    Returns:
        The estimates, NaN where undefined. ``n`` of a mean counts the images that are not left out for any finding.
    """
    flags = sample.flagged[operating_point]
    known = np.isfinite(sample.present) & np.isfinite(flags)
    present, flagged = sample.present == 1, flags == 1
    counts = _counts(sample, known=known, present=present, flagged=flagged)
    found = [
        replace(estimate, operating_point=operating_point)
        for index, kept in enumerate(known.T)
        for estimate in _of_finding(
            from_counts(
                counts[index],
                classes=_classes(present[kept, index]),
                predicted=_classes(flagged[kept, index]),
                clusters=sample.clusters[kept],
            ),
            index=index,
        )
    ]
    return (*by_class.macros_at_threshold(found, n=int(known.any(axis=1).sum())), *found)


def _of_finding(two: PredictedClasses, *, index: int) -> Iterator[MetricEstimate]:
    for metric in catalogue.at_threshold(is_mean=False):
        if not isinstance(metric.source, FromCounts):
            continue
        values = metric.source.values(two.counts)
        if metric.scope == "class":
            yield replace(two.of_class(metric, values[:, _PRESENT], index=_PRESENT), finding=index)
        else:
            n_positive = int((two.classes == _PRESENT).sum())
            yield replace(two.of_all(metric, values), finding=index, n_positive=n_positive)


def _counts(sample: Sample, *, known: Bools, present: Bools, flagged: Bools) -> Values:
    """Confusion counts of each finding, shape ``(k, 1 + r, 2, 2)``: present or absent, by flagged or not."""
    image, finding = np.nonzero(known)
    cells = finding * 4 + 2 * ~present[image, finding] + ~flagged[image, finding]
    k = known.shape[1]
    totals = resampling.totals_of_many(cells, sample.clusters[image], n_groups=4 * k, weights=sample.weights)
    return np.moveaxis(totals.reshape(k, 2, 2, -1), -1, 1)


def _classes(present: Bools) -> npt.NDArray[np.int8]:
    return np.where(present, _PRESENT, _ABSENT).astype(np.int8)
