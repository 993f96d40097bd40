"""The images of a test that are most alike to one image, for a model of findings, and what is present on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from dashboard.image.data.nearest import LIKENESS, SAME_PATIENT, bound
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number
from dashboard.results.downloads import Row, image_rows, of_test
from dashboard.results.images import Key
from dashboard.results.runs import classes

_SQL = f"""
    WITH candidate AS (
        SELECT image_id, present FROM reference
        WHERE dataset = $dataset AND policy = $policy AND NOT (dataset = $of AND image_id = $image)
            AND image_id IN (
                SELECT image_id FROM prediction WHERE model_id = $model AND dataset = $dataset AND role = $role
            )
    ),
    {LIKENESS}
    SELECT image_id, present, cosine, {SAME_PATIENT}
    FROM nearest JOIN candidate USING (image_id) JOIN (FROM image WHERE dataset = $dataset) AS shown USING (image_id)
    ORDER BY cosine DESC, image_id
"""  # noqa: S608 (constants)


@dataclass(frozen=True, kw_only=True)
class NearFindings:
    """An image that the members see much as they see the one that was asked about.

    Attributes:
        key: The image.
        present: Findings that it has under the policy of its test.
        is_known: Whether it is known of any finding whether it is there.
        cosine: Mean over the members of the cosine between the two images' features, in [-1, 1].
        same_patient: Whether it is of the same patient; None where that is not recorded.
    """

    key: Key
    present: tuple[str, ...]
    is_known: bool
    cosine: float
    same_patient: bool | None


@st.cache_data(max_entries=128, show_spinner=False)
def near_findings(
    run: RunKey, test: TestSet, *, key: Key, members: tuple[str, ...], limit: int
) -> tuple[NearFindings, ...]:
    """The nearest images of a test, without the image itself.

    Args:
        run: The run.
        test: Where to look.
        key: The image.
        members: The models whose features are compared, as `nearest` compares them.
        limit: How many.

    Returns:
        The nearest first; empty if there is none, or the run stores no features.
    """
    given = {**test.parameters(), **bound(), "of": key[0], "image": key[1], "members": list(members), "limit": limit}
    return tuple(
        NearFindings(
            key=(test.dataset, str(image)),
            present=tuple(name for name, value in zip(classes(run), _values(present), strict=True) if value == 1),
            is_known=any(value in (0, 1) for value in _values(present)),
            cosine=number(cosine),
            same_patient=None if same_patient is None else bool(same_patient),
        )
        for image, present, cosine, same_patient in ask(run, _SQL, given)
    )


def near_finding_rows(run: RunKey, test: TestSet, found: Sequence[NearFindings], *, key: Key) -> list[Row]:
    """The nearest images of a test for a download; `nearest.near_rows` says what is given."""
    return [
        {
            **of_test(run, test),
            **named,
            "near_dataset": key[0],
            "near_image_id": key[1],
            "present_findings": "; ".join(each.present),
            "cosine": each.cosine,
            "same_patient": each.same_patient,
        }
        for each, named in zip(found, image_rows(run, [each.key for each in found]), strict=True)
    ]


def _values(present: object) -> Sequence[float]:
    return cast("Sequence[float]", present)
