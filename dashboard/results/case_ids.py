"""Images of a run by an id, theirs or their patient's."""

import streamlit as st

from dashboard.results.database import RunKey, ask
from dashboard.results.images import Key

_IMAGES = """
    SELECT dataset, image_id FROM image WHERE image_id = $id OR patient_id = $id
    ORDER BY image_id <> $id, dataset, image_id LIMIT $limit
"""

_MOST = 100


@st.cache_data(max_entries=128, show_spinner=False)
def images_of(run: RunKey, *, id: str) -> tuple[Key, ...]:  # noqa: A002 (as the address and the filter call it)
    """Images of this id, and those of the patient of this id, at most a hundred; none if the run holds neither."""
    return tuple((str(dataset), str(image)) for dataset, image in ask(run, _IMAGES, {"id": id, "limit": _MOST}))
