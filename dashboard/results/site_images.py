"""The images of a site that the page is about: those of the test, or all where the model has no test there."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number
from dashboard.results.images import KEPT

Kind = Literal["test", "all"]
"""``all``: every internal image that is not left out, since the model was trained on all of them and has no test."""

_SITE_IMAGES = f"""
    WITH tested AS (
        SELECT image_id FROM prediction WHERE model_id = $model AND dataset = $dataset AND role = $role
            AND {KEPT}
    ),
    site_image AS (
        SELECT image_id FROM tested
        UNION ALL
        SELECT image_id FROM image
        WHERE dataset = $dataset AND left_out IS NULL AND $role = 'internal_test'
            AND NOT EXISTS (SELECT 1 FROM tested)
    )
"""  # noqa: S608 (a constant)

_COUNTS = """
    SELECT (SELECT count(*) FROM tested), (SELECT count(*) FROM site_image)
"""


@dataclass(frozen=True, kw_only=True)
class SiteImages:
    """The images of a site that the page is about.

    Attributes:
        kind: Whether they are a test.
        images: How many, with or without a single class.
    """

    kind: Kind
    images: int


def over_site_images(sql: str) -> str:
    """A query that finds the images in question as ``site_image (image_id)``.

    Args:
        sql: Its ``SELECT``, or its further tables from a comma on. Its parameters are those of `TestSet`.
    """
    return f"{_SITE_IMAGES} {sql}"


@st.cache_data(max_entries=64, show_spinner=False)
def site_images(run: RunKey, test: TestSet) -> SiteImages:
    """The images of a test, counted."""
    sql, parameters = over_site_images(_COUNTS), test.parameters()
    del parameters["policy"]
    ((tested, images),) = ask(run, sql, parameters)
    kind: Kind = "all" if test.role == "internal_test" and not tested else "test"
    return SiteImages(kind=kind, images=int(number(images)))
