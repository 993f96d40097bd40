"""How well a site's readers agree on each finding."""

import streamlit as st

from dashboard.notation import Estimate
from dashboard.queries.labels.shares import clustered_share
from dashboard.results.runs import RunKey, ask, classes, number

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
        FROM said GROUP BY class, image HAVING readers > 1
    ),
    paired AS (
        SELECT class, (marks * (marks - 1))::DOUBLE AS y, (marks * (readers - 1))::DOUBLE AS m FROM seen WHERE marks > 0
    )
    SELECT class, count(*), sum(y), sum(m), sum(y * y), sum(y * m), sum(m * m) FROM paired GROUP BY class
"""


@st.cache_data(max_entries=64, show_spinner=False)
def agreement(run: RunKey, dataset: str) -> tuple[Estimate, ...] | None:
    """How often a reader's mark is shared by another reader of the same image, for each class.

    This is the specific positive agreement. It does not count the many images on which all agree that there is
    nothing, and does not depend on how many readers there are.

    Returns:
        Shares over the images that at least one reader marked and more than one read, with their number; intervals
        over images. NaN where there is none. None if the dataset has one reader.

    Source:
        Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed. (2003), section 18.3, for more
        than two readers: pairs that share the mark over pairs of which one has it.
    """
    ((readers,),) = ask(run, _READERS, {"dataset": dataset})
    if number(readers) < 2:
        return None
    rows = {int(number(row[0])): tuple(map(number, row[1:])) for row in ask(run, _MARKS, {"dataset": dataset})}
    return tuple(_agreement(rows.get(index, (0.0,) * 6)) for index in range(len(classes(run))))


def _agreement(row: tuple[float, ...]) -> Estimate:
    images, shared, pairs, *squares = row
    return clustered_share(part=shared, whole=pairs, squares=(squares[0], squares[1], squares[2]), n=int(images))
