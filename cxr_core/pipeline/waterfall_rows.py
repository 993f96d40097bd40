"""Rows of the table `waterfall`: a gap taken apart on both scales, by each cause."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation.inputs import MANY_CLASSES
from cxr_core.pipeline.causes import Cause
from cxr_core.pipeline.compared_tests import ComparedTests
from cxr_core.shift import waterfall
from cxr_core.shift.waterfall import Scale, Waterfall
from cxr_core.statistics import intervals

Row = dict[str, object]
Values = npt.NDArray[np.float64]

SCALES: tuple[Scale, ...] = ("balanced_accuracy", "accuracy")


def waterfall_rows(
    pair: ComparedTests, found: Mapping[str, Cause], *, classes: Sequence[str], seed: int
) -> Iterator[Row]:
    """The waterfalls of all classes together, or of each finding where they are few.

    Args:
        pair: The two tests.
        found: The attributes that may cost something.
        classes: What the run's classes are called.
        seed: The run's.
    """
    if pair.internal.one.outputs == "softmax":
        yield from _by_cause(pair, None, found, seed=seed)
    elif len(classes) <= MANY_CLASSES:
        for index, name in enumerate(classes):
            for row in _by_cause(pair, index, found, seed=seed):
                yield row | {"finding": name}


def _by_cause(pair: ComparedTests, index: int | None, found: Mapping[str, Cause], *, seed: int) -> Iterator[Row]:
    internal, inside = pair.internal.of_classes() if index is None else pair.internal.of_finding(index)
    external, outside = pair.external.of_classes() if index is None else pair.external.of_finding(index)
    for name, cause in found.items():
        shared = cause.shared(inside=inside, outside=outside)
        if name != "view" and (shared is None or shared.all()):
            continue
        for scale in SCALES:
            one = waterfall.waterfall(internal, external, scale=scale, cause=shared, seed=seed)
            if one is not None:
                yield from (pair.place | {"finding": None, "cause": name} | row for row in _rows(one))


def _rows(one: Waterfall) -> Iterator[Row]:
    place = {"scale": one.scale}
    yield place | part_row("gap", "gap", one.gap)
    for name, term in one.terms.items():
        yield place | part_row("term", name, term, reason=one.reason)
    for name, level in one.levels.items():
        yield place | part_row("level", name, level)
    yield place | part_row("other_order", "class_mix", one.other_order)


def part_row(part: str, name: str, values: Values | None, *, reason: str | None = None) -> Row:
    """The columns of one part of a gap.

    Args:
        part: Which kind of part.
        name: What it is called.
        values: The value, then its replicates; None: not identifiable.
        reason: Why it is not.
    """
    if values is None:
        return {"part": part, "name": name, "value": math.nan, "low": math.nan, "high": math.nan, "reason": reason}
    interval = intervals.percentile(values[1:])
    return {
        "part": part, "name": name, "value": float(values[0]), "low": interval.low, "high": interval.high,
        "reason": None,
    }  # fmt: skip
