"""The flow of images of a site: those listed, those left out by reason, those of its test."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import streamlit as st

from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number
from dashboard.results.images import ANY_KNOWN
from dashboard.results.runs import classes
from dashboard.results.side import Role

Reason = Literal[
    "rejected",
    "view",
    "cap",
    "sample",
    "not_predicted",
    "train",
    "validation",
    "external_adapted",
    "internal_test",
    "external_test",
    "unused",
    "none",
    "several",
    "uncertain",
    "no_class",
    "no_label",
]
"""Why an image is not in the test, in the order in which that is decided; ``no_class``: the policy gives no
class; ``no_label``: it knows of no finding whether it is present."""

_KEPT = "kept"

_REASONS = """
    SELECT CASE
            WHEN {of_finding} AND asked.role = $role
                THEN CASE WHEN any_known THEN 'kept' ELSE 'no_label' END
            WHEN image.left_out IS NOT NULL THEN image.left_out
            WHEN asked.role IS NULL THEN 'unused'
            WHEN asked.role <> $role THEN asked.role
            WHEN reference.class IS NOT NULL THEN 'kept'
            ELSE coalesce(reference.left_out, 'no_class')
        END AS reason, count(*)
    FROM image
    LEFT JOIN (SELECT image_id, role FROM prediction WHERE model_id = $model AND dataset = $dataset) AS asked
        USING (image_id)
    LEFT JOIN (
        SELECT image_id, class, left_out, {any_known} AS any_known FROM reference
        WHERE dataset = $dataset AND policy = $policy
    ) AS reference USING (image_id)
    WHERE image.dataset = $dataset
    GROUP BY reason
    UNION ALL
    SELECT 'rejected', count(*) FROM rejected WHERE dataset = $dataset
"""

_FINDING_ONLY = """
    SELECT count(*) FROM prediction JOIN image USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND left_out IS NOT NULL
"""

_REJECTED = """
    SELECT reason, count(*) FROM rejected WHERE dataset = $dataset GROUP BY reason ORDER BY 2 DESC, 1 LIMIT 5
"""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one reason takes away.

    Attributes:
        reason: Why these images are not in the test: a `Reason`, or what a later release says instead.
        images: How many.
        left: How many go on to the next step.
    """

    reason: str
    images: int
    left: int


@dataclass(frozen=True, kw_only=True)
class Flow:
    """From all images of a site to those of its test.

    Attributes:
        dataset: The images.
        role: Of the test.
        of: Classes that the run has.
        listed: Images that the dataset's tables name, files set aside included.
        steps: What was left out, in order, without the reasons that left out nothing.
        kept: Images in the test that have a single class.
        finding_only: Of those left out, the images that the model was asked about: held out, beyond the cap.
        noun: What is counted.
    """

    dataset: str
    role: Role
    of: int
    listed: int
    steps: tuple[Step, ...]
    kept: int
    finding_only: int = 0
    noun: str = "image"


@st.cache_data(max_entries=64, show_spinner=False)
def flow(run: RunKey, test: TestSet, *, has_findings: bool = False) -> Flow:
    """Who was kept and who left out of a test.

    Args:
        run: The results.
        test: The test.
        has_findings: Whether it is over every image of which a finding is known, not over those with a single class.
    """
    sql = _REASONS.format(of_finding=str(has_findings).upper(), any_known=ANY_KNOWN)
    found = {str(reason): int(number(count)) for reason, count in ask(run, sql, test.parameters())}
    listed = sum(found.values())
    asked = test.parameters()
    del asked["policy"]
    ((finding_only,),) = ask(run, _FINDING_ONLY, asked)
    return Flow(
        dataset=test.dataset,
        role=test.role,
        of=len(classes(run)),
        listed=listed,
        steps=_steps(found, listed),
        kept=found.get(_KEPT, 0),
        noun=test.noun,
        finding_only=0 if has_findings else int(number(finding_only)),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def rejected(run: RunKey, dataset: str) -> tuple[tuple[str, int], ...]:
    """Why files of a dataset were set aside, as the run wrote it: the five most frequent reasons and their counts."""
    return tuple((str(reason), int(number(count))) for reason, count in ask(run, _REJECTED, {"dataset": dataset}))


def _steps(found: Mapping[str, int], listed: int) -> tuple[Step, ...]:
    steps, left = [], listed
    known: tuple[Reason, ...] = get_args(Reason)
    for reason in (*known, *sorted(found.keys() - {*known, _KEPT})):
        if images := found.get(reason, 0):
            left -= images
            steps.append(Step(reason=reason, images=images, left=left))
    return tuple(steps)
