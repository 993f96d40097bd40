"""The record of an image in its dataset, and the other images of its patient."""

from dataclasses import dataclass

import streamlit as st

from cxr_core.images.original import Made
from dashboard.results.database import RunKey, Value, ask, number
from dashboard.results.images import ANSWERED, Key
from dashboard.results.runs import classes

_RECORD = """
    SELECT file, content_hash, reader, site, left_out, picture_hash, pipeline_fingerprint,
        (SELECT try_cast(config->>'$.experiment.network.size_px' AS INTEGER) FROM run)
    FROM image JOIN dataset USING (dataset)
    WHERE dataset = $dataset AND image_id = $image
"""

_LARGEST_PX = 4096
"""What a stranger's file may say that a network was fed with."""

_PATIENT = f"""
    WITH asked AS (SELECT patient_id FROM image WHERE dataset = $dataset AND image_id = $image)
    SELECT image_id, view, role, class, CASE WHEN {ANSWERED} THEN predicted END, probability[predicted + 1],
        count(*) OVER ()
    FROM image
    LEFT JOIN (FROM prediction WHERE model_id = $model) AS said USING (dataset, image_id)
    LEFT JOIN (FROM reference WHERE policy = $policy) AS own USING (dataset, image_id)
    WHERE dataset = $dataset AND patient_id = (FROM asked) AND image_id <> $image
    ORDER BY role IS NULL, image_id LIMIT $limit
"""  # noqa: S608 (a constant)


@dataclass(frozen=True, kw_only=True)
class Record:
    """An image as its dataset brings it.

    Attributes:
        file: Of the original, relative to the dataset's folder; a keyed hash where the dataset is private. Not to be
            shown. None: no images were brought.
        content_hash: Of what was read; None if it was left out before, or no images were brought.
        made: The picture that was made of it; None if that is not recorded.
        reader: The kind of dataset.
        is_source: Whether it is of the source site.
        left_out: ``view``, ``cap``, ``sample`` or ``not_predicted``; None if it was not.
    """

    file: str | None
    content_hash: str | None
    made: Made | None
    reader: str
    is_source: bool
    left_out: str | None


@dataclass(frozen=True, kw_only=True)
class Sibling:
    """Another image of the same patient.

    Attributes:
        key: The image.
        view: As stored; None if it is not recorded.
        role: Of the model's answer; None if the model was not asked.
        true: Its class under the policy; None for no single one.
        predicted: The class that the model answered; None if it was not asked, or gave none.
        confidence: Probability of that class; NaN without one.
    """

    key: Key
    view: str | None
    role: str | None
    true: str | None
    predicted: str | None
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Siblings:
    """The other images of a patient.

    Attributes:
        shown: The first of them.
        total: How many there are.
    """

    shown: tuple[Sibling, ...]
    total: int


@st.cache_data(max_entries=128, show_spinner=False)
def record(run: RunKey, *, key: Key) -> Record | None:
    """What is stored of an image; None if the run does not hold it."""
    rows = ask(run, _RECORD, {"dataset": key[0], "image": key[1]})
    if not rows:
        return None
    file, content_hash, reader, site, left_out, picture_hash, pipeline, size_px = rows[0]
    made = None
    if picture_hash is not None and pipeline is not None and isinstance(size_px, int) and 0 < size_px <= _LARGEST_PX:
        made = Made(picture_hash=str(picture_hash), pipeline=str(pipeline), size_px=size_px)
    return Record(
        file=None if file is None else str(file),
        content_hash=None if content_hash is None else str(content_hash),
        made=made,
        reader=str(reader),
        is_source=site == "source",
        left_out=None if left_out is None else str(left_out),
    )


@st.cache_data(max_entries=128, show_spinner=False)
def siblings(run: RunKey, *, key: Key, model: str, policy: str, limit: int = 16) -> Siblings:
    """The other images of an image's patient; none where the patient is not recorded."""
    given: dict[str, Value] = {"dataset": key[0], "image": key[1], "model": model, "policy": policy, "limit": limit}
    rows = ask(run, _PATIENT, given)
    shown = [
        Sibling(
            key=(key[0], str(image)),
            view=None if view is None else str(view),
            role=None if role is None else str(role),
            true=None if true is None else classes(run)[int(true)],
            predicted=None if predicted is None else classes(run)[int(predicted)],
            confidence=number(confidence),
        )
        for image, view, role, true, predicted, confidence, _ in rows
    ]
    return Siblings(shown=tuple(shown), total=int(number(rows[0][-1])) if rows else 0)
