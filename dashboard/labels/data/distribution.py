"""The mix of classes at a site, under a label policy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from cxr_core.statistics import shares
from cxr_core.statistics.shares import Sums
from dashboard.labels.data.outcomes import outcomes
from dashboard.notation import FEWEST, Estimate, estimate_of
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number
from dashboard.results.runs import classes
from dashboard.results.site_images import over_site_images

_SUMS = over_site_images("""
    , labelled AS (
        SELECT class, hash(coalesce(patient_id, study_id, site_image.image_id)) AS patient
        FROM site_image
        JOIN reference USING (image_id)
        JOIN image ON image.dataset = reference.dataset AND image.image_id = site_image.image_id
        WHERE reference.dataset = $dataset AND policy = $policy AND class IS NOT NULL
    ),
    of_patient AS (SELECT patient, count(*)::DOUBLE AS m FROM labelled GROUP BY patient),
    of_class AS (SELECT patient, class, count(*)::DOUBLE AS y FROM labelled GROUP BY ALL)
    SELECT NULL AS class, sum(m), sum(m * m), NULL FROM of_patient
    UNION ALL
    SELECT class, sum(y), sum(y * y), sum(y * m) FROM of_class JOIN of_patient USING (patient) GROUP BY class
""")
"""Per patient (where it is not recorded study, else image): m images, y of a class. Without a class: of all."""


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
        classes: All of the run, in their order; without images, each share is NaN.
        noun: What is counted: ``image``, or ``study``.
    """

    dataset: str
    policy: str
    images: int
    classes: tuple[ClassShare, ...]
    noun: str = "image"


@st.cache_data(max_entries=64, show_spinner=False)
def mix(run: RunKey, test: TestSet) -> Mix:
    """The mix of a test under its policy; of all internal images where the model has no test there."""
    named = classes(run)
    # A sum over no patient is NULL, and here 0: nothing was counted.
    sums = {
        row[0]: [0.0 if total is None else number(total) for total in row[1:]]
        for row in ask(run, _SUMS, test.parameters())
    }
    images, squares, _ = sums[None]
    by_class = [sums.get(index, [0.0, 0.0, 0.0]) for index in range(len(named))]
    found = [
        shares.of_sums(Sums(part=count, whole=images, part_squares=own, products=products, whole_squares=squares))
        for count, own, products in by_class
    ]
    estimates = [estimate_of(share, n=int(images)) for share in found]
    return _mix(test, named, [int(count) for count, _, _ in by_class], estimates)


def mixes(run: RunKey, test: TestSet) -> tuple[Mix, ...]:
    """The same images under each policy of their dataset, its default first, without intervals.

    Returns:
        A policy that gives no single class has no images, and its shares are NaN.
    """
    return tuple(
        _mix(
            replace(test, policy=outcome.policy),
            classes(run),
            outcome.classes,
            [share_without_interval(count, outcome.kept) for count in outcome.classes],
        )
        for outcome in outcomes(run, test)
    )


def _mix(test: TestSet, named: Sequence[str], counts: Sequence[int], estimates: Sequence[Estimate]) -> Mix:
    rows = tuple(
        ClassShare(finding=finding, images=count, share=share)
        for finding, count, share in zip(named, counts, estimates, strict=True)
    )
    return Mix(dataset=test.dataset, policy=test.policy, images=sum(counts), classes=rows, noun=test.noun)


def share_without_interval(count: int, images: int) -> Estimate:
    """A share of some images; NaN of none."""
    value = count / images if images else math.nan
    return Estimate(value=value, low=math.nan, high=math.nan, n=images, estimable=images >= FEWEST)
