"""Mixes with hand-made shares."""

import math
from collections.abc import Sequence

from cxr_core.findings import FINDINGS
from dashboard.labels.data.distances import Distance
from dashboard.labels.data.distribution import ClassShare, Mix
from dashboard.notation import Estimate


def made(
    counts: Sequence[int],
    *,
    dataset: str = "vinbigdata",
    policy: str = "majority",
    classes: Sequence[str] = FINDINGS,
) -> Mix:
    """A mix of these counts, each share give or take 2 points."""
    n = sum(counts)
    rows = [
        ClassShare(finding=finding, images=count, share=_share(count / n if n else math.nan, n=n))
        for finding, count in zip(classes, counts, strict=True)
    ]
    return Mix(dataset=dataset, policy=policy, images=n, classes=tuple(rows))


def apart(differences: Sequence[float], *, by_chance: float = 0.05) -> Distance:
    """A distance with these differences, each give or take 5 points."""
    return Distance(
        changes=tuple(_difference(value) for value in differences),
        moved=sum(map(abs, differences)) / 2,
        by_chance=by_chance,
    )


def _share(value: float, *, n: int) -> Estimate:
    return Estimate(value=value, low=value - 0.02, high=value + 0.02, n=n, estimable=n >= 30)


def _difference(value: float) -> Estimate:
    return Estimate(value=value, low=value - 0.05, high=value + 0.05, n=0, estimable=True)
