"""Images and patients that a test rests on."""

from dataclasses import dataclass

import streamlit as st

from cxr_core.roles import pooled_ensemble
from dashboard.results.comparison import Comparison
from dashboard.results.database import ask, number
from dashboard.results.images import ANY_KNOWN
from dashboard.results.side import Side

_SQL = f"""
    WITH asked AS (
        SELECT image_id, outputs FROM prediction JOIN model USING (model_id)
        WHERE model_id IN ($model, $pooled) AND dataset = $dataset AND role = $role
    ),
    labelled AS (
        SELECT image_id, class, {ANY_KNOWN} AS any_known FROM reference WHERE dataset = $dataset AND policy = $policy
    ),
    held AS (SELECT image_id, patient_id, left_out FROM image WHERE dataset = $dataset)
    SELECT count(*), count(DISTINCT patient_id), count(*) - count(patient_id)
    FROM asked JOIN labelled USING (image_id) JOIN held USING (image_id)
    WHERE CASE outputs
        WHEN 'softmax' THEN class IS NOT NULL AND left_out IS NULL
        ELSE coalesce(left_out, 'cap') = 'cap' AND any_known
    END
"""  # noqa: S608 (a constant)


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
