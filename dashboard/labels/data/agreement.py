"""Agreement of a site's readers on each finding."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from cxr_core.metrics import agreement as agreements
from cxr_core.statistics import shares
from dashboard.notation import Estimate, estimate_of
from dashboard.results.database import RunKey, ask, columns, number
from dashboard.results.runs import classes

_READERS = """
    SELECT count(*) FROM (SELECT DISTINCT reader FROM raw_label WHERE dataset = $dataset)
"""

_MARKS = """
    WITH said AS ( -- once by each reader of a class, by however many names
        SELECT class, hash(image_id) AS image, bool_or(value = 1) AS is_marked
        FROM raw_label JOIN name_match USING (dataset, finding)
        WHERE dataset = $dataset AND value IS NOT NULL
        GROUP BY class, image, reader
    ),
    seen AS (
        SELECT class, image, count(*) FILTER (is_marked) AS marks, count(*) AS readers
        FROM said GROUP BY class, image HAVING marks > 0 AND readers > 1
    ),
    known AS (
        SELECT hash(image_id) AS image, hash(coalesce(patient_id, study_id, image_id)) AS patient
        FROM image WHERE dataset = $dataset
    )
    SELECT class, marks, readers, patient FROM seen JOIN known USING (image)
"""


@st.cache_data(max_entries=64, show_spinner=False)
def agreement(run: RunKey, dataset: str) -> tuple[Estimate, ...] | None:
    """How often a reader's mark is shared by another reader of the same image (`metrics.agreement`), for each class.

    Returns:
        Shares over the images that at least one reader marked and more than one read, with their number. NaN where
        there is none. None if the dataset has one reader.
    """
    ((readers,),) = ask(run, _READERS, {"dataset": dataset})
    if number(readers) < 2:
        return None
    found = columns(run, _MARKS, {"dataset": dataset})
    return tuple(_of_class(found, index) for index in range(len(classes(run))))


def _of_class(found: dict[str, npt.NDArray[np.generic]], index: int) -> Estimate:
    own = np.asarray(found["class"], np.int64) == index
    pairs = agreements.pairs(found["marks"][own].astype(np.int64), found["readers"][own].astype(np.int64))
    shared, asked, images = shares.per_patient(
        pairs.shared, pairs.all, np.ones(pairs.all.shape), patients=found["patient"][own]
    )
    # Pairs weigh images unequally; how many images there are as patients count does not depend on that.
    worth = shares.share(images, images).n_effective
    return estimate_of(replace(shares.share(shared, asked), n_effective=worth), n=int(own.sum()))
