"""Which images of a site the page is about: those of the test, or all of them where the model has no test there."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.results.comparison import TestSet
from dashboard.results.images import KEPT
from dashboard.results.runs import RunKey, ask, number

Kind = Literal["test", "all"]
"""``all``: every internal image that is not left out, since the model was trained on all of them and has no test."""

_MEMBERS = f"""
    WITH tested AS (
        SELECT image_id FROM prediction WHERE model_id = $model AND dataset = $dataset AND role = $role
            AND {KEPT}
    ),
    member AS (
        SELECT image_id FROM tested
        UNION ALL
        SELECT image_id FROM image
        WHERE dataset = $dataset AND left_out IS NULL AND $role = 'internal_test'
            AND NOT EXISTS (SELECT 1 FROM tested)
    )
"""  # noqa: S608 (a constant)

_COUNTS = """
    SELECT (SELECT count(*) FROM tested), (SELECT count(*) FROM member)
"""


@dataclass(frozen=True, kw_only=True)
class Members:
    """The images of a site that the page is about.

    Attributes:
        kind: Whether they are a test.
        images: How many, with or without a single class.
    """

    kind: Kind
    images: int


def of_members(sql: str) -> str:
    """A query that finds the images in question as ``member (image_id)``.

    Args:
        sql: Its ``SELECT``, or its further tables from a comma on. Its parameters are those of `TestSet`.
    """
    return f"{_MEMBERS} {sql}"


@st.cache_data(max_entries=64, show_spinner=False)
def members(run: RunKey, test: TestSet) -> Members:
    """The images of a test, counted."""
    sql, parameters = of_members(_COUNTS), test.parameters()
    del parameters["policy"]
    ((tested, images),) = ask(run, sql, parameters)
    kind: Kind = "all" if test.role == "internal_test" and not tested else "test"
    return Members(kind=kind, images=int(number(images)))
