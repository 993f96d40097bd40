"""Shares of the images of each class that show support devices: tubes, lines, pacemakers."""

import streamlit as st

from cxr_core.statistics import shares
from dashboard.notation import Estimate, estimate_of
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number
from dashboard.results.runs import classes
from dashboard.results.site_images import over_site_images

_RECORDED = """
    SELECT count(*) FROM raw_label
    WHERE dataset = $dataset AND lower(finding) = 'support devices' AND value IS NOT NULL
"""

_DEVICES = over_site_images("""
    , stated AS (
        SELECT DISTINCT image_id FROM raw_label
        WHERE dataset = $dataset AND lower(finding) = 'support devices' AND value = 1
    ),
    counted AS (
        SELECT class, hash(coalesce(patient_id, study_id, site_image.image_id)) AS patient, count(*)::DOUBLE AS m,
            count(stated.image_id)::DOUBLE AS y
        FROM site_image
        JOIN reference USING (image_id)
        JOIN image ON image.dataset = reference.dataset AND image.image_id = site_image.image_id
        LEFT JOIN stated ON stated.image_id = site_image.image_id
        WHERE reference.dataset = $dataset AND policy = $policy AND class IS NOT NULL
        GROUP BY ALL
    )
    SELECT class, sum(y), sum(m), sum(y * y), sum(y * m), sum(m * m) FROM counted GROUP BY class
""")


@st.cache_data(max_entries=64, show_spinner=False)
def devices(run: RunKey, test: TestSet) -> tuple[Estimate, ...] | None:
    """Share of the images of each class whose labels name support devices; a blank label counts as none named.

    Returns:
        For each class, over the images of the test (of all internal images where the model has none).
        NaN for a class without images. None if the dataset does not record devices.
    """
    ((stated,),) = ask(run, _RECORDED, {"dataset": test.dataset})
    if not stated:
        return None
    rows = {int(number(row[0])): tuple(map(number, row[1:])) for row in ask(run, _DEVICES, test.parameters())}
    return tuple(_share(rows.get(index, (0.0,) * 5)) for index in range(len(classes(run))))


def _share(row: tuple[float, ...]) -> Estimate:
    shown, images, part_squares, products, whole_squares = row
    sums = shares.Sums(
        part=shown, whole=images, part_squares=part_squares, products=products, whole_squares=whole_squares
    )
    return estimate_of(shares.of_sums(sums), n=int(images))
