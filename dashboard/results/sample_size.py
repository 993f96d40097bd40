"""Images and patients that a test rests on."""

from dataclasses import dataclass

import streamlit as st

from cxr_core.roles import pooled_ensemble
from dashboard.results.comparison import Comparison
from dashboard.results.database import ask, number
from dashboard.results.side import Side

_SQL = """
    SELECT count(*), count(DISTINCT patient_id), count(*) - count(patient_id)
    FROM prediction
    JOIN reference USING (dataset, image_id)
    JOIN image USING (dataset, image_id)
    JOIN model USING (model_id)
    WHERE model_id IN ($model, $pooled) AND dataset = $dataset AND role = $role AND policy = $policy
        AND CASE outputs
            WHEN 'softmax' THEN class IS NOT NULL AND image.left_out IS NULL
            ELSE coalesce(image.left_out, 'cap') = 'cap'
                AND list_bool_or(list_transform(present, lambda x: NOT isnan(x)))
        END
"""


@dataclass(frozen=True, kw_only=True)
class SampleSize:
    """Images of a test that have a single class under its policy; of findings those with a known one.

    Attributes:
        images: How many.
        patients: Of how many patients; None where no patient is recorded.
        noun: What is counted: ``image``, or ``study``.
        without_patient: Images of the test whose patient is not recorded, where others are.
    """

    images: int
    patients: int | None
    without_patient: int
    noun: str = "image"


@st.cache_data(max_entries=64, show_spinner=False)
def sample_size(comparison: Comparison, side: Side) -> SampleSize:
    """The images that a model was tested on; no images if it has no such test."""
    test = comparison.test(side)
    if test is None:
        return SampleSize(images=0, patients=None, without_patient=0)
    # With folds only all networks together have one answer an image; the mean over folds is over the same images.
    models = {"model": comparison.model, "pooled": pooled_ensemble(comparison.model)}
    (found,) = ask(comparison.run, _SQL, {**test.parameters(), **models})
    images, patients, without = (int(number(value)) for value in found)
    return SampleSize(
        images=images, patients=patients or None, without_patient=without if patients else 0, noun=test.noun
    )
