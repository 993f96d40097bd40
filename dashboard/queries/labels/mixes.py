"""How the classes are mixed at a site, under a label policy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from cxr_core.findings import FINDINGS
from dashboard.notation import FEWEST, Estimate
from dashboard.queries.labels.members import of_members
from dashboard.queries.labels.outcomes import outcomes
from dashboard.queries.labels.shares import clustered_share
from dashboard.results.comparison import TestSet
from dashboard.results.runs import RunKey, ask, number

_SUMS = of_members("""
    , labelled AS (
        SELECT class, hash(coalesce(patient_id, member.image_id)) AS patient
        FROM member
        JOIN reference USING (image_id)
        JOIN image ON image.dataset = reference.dataset AND image.image_id = member.image_id
        WHERE reference.dataset = $dataset AND policy = $policy AND class IS NOT NULL
    ),
    counted AS (
        SELECT count(*)::DOUBLE AS m,
            (count(*) FILTER (class = 0))::DOUBLE AS y0,
            (count(*) FILTER (class = 1))::DOUBLE AS y1,
            (count(*) FILTER (class = 2))::DOUBLE AS y2,
            (count(*) FILTER (class = 3))::DOUBLE AS y3,
            (count(*) FILTER (class = 4))::DOUBLE AS y4,
            (count(*) FILTER (class = 5))::DOUBLE AS y5
        FROM labelled GROUP BY patient
    )
    SELECT sum(m), sum(m * m),
        sum(y0), sum(y0 * y0), sum(y0 * m),
        sum(y1), sum(y1 * y1), sum(y1 * m),
        sum(y2), sum(y2 * y2), sum(y2 * m),
        sum(y3), sum(y3 * y3), sum(y3 * m),
        sum(y4), sum(y4 * y4), sum(y4 * m),
        sum(y5), sum(y5 * y5), sum(y5 * m)
    FROM counted
""")
"""Per patient (or image, where patients are not recorded): m images, y of a class."""


@dataclass(frozen=True, kw_only=True)
class ClassShare:
    """One class of a mix.

    Attributes:
        finding: The class.
        images: How many images have it as their single class.
        share: Of all images with a single class; not estimable where these are few.
    """

    finding: str
    images: int
    share: Estimate


@dataclass(frozen=True, kw_only=True)
class Mix:
    """The classes of a site's images under a policy.

    Attributes:
        dataset: The images.
        policy: The label policy.
        images: Images with a single class.
        classes: All six, in the order of the network's outputs; without images, each share is NaN.
    """

    dataset: str
    policy: str
    images: int
    classes: tuple[ClassShare, ...]


@st.cache_data(max_entries=64, show_spinner=False)
def mix(run: RunKey, test: TestSet) -> Mix:
    """The mix of a test under its policy; of all images at home where the model has no test there."""
    # A sum over no patient is NULL, and here 0: nothing was counted.
    images, squares, *sums = (
        0.0 if total is None else number(total) for total in ask(run, _SUMS, test.parameters())[0]
    )
    by_class = [sums[3 * index : 3 * index + 3] for index in range(len(FINDINGS))]
    shares = [
        clustered_share(part=count, whole=images, squares=(own, products, squares), n=int(images))
        for count, own, products in by_class
    ]
    return _mix(test.dataset, test.policy, [int(count) for count, _, _ in by_class], shares)


def mixes(run: RunKey, test: TestSet) -> tuple[Mix, ...]:
    """The same images under each policy of their dataset, its default first, without intervals.

    Returns:
        A policy that gives no single class has no images, and its shares are NaN.
    """
    return tuple(
        _mix(test.dataset, each.policy, each.classes, [_share(count, each.kept) for count in each.classes])
        for each in outcomes(run, test)
    )


def _mix(dataset: str, policy: str, counts: Sequence[int], shares: Sequence[Estimate]) -> Mix:
    classes = tuple(
        ClassShare(finding=finding, images=count, share=share)
        for finding, count, share in zip(FINDINGS, counts, shares, strict=True)
    )
    return Mix(dataset=dataset, policy=policy, images=sum(counts), classes=classes)


def _share(count: int, images: int) -> Estimate:
    value = count / images if images else math.nan
    return Estimate(value=value, low=math.nan, high=math.nan, n=images, estimable=images >= FEWEST)
