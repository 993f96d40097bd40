"""What a model says of each finding on one image, and whether it is there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from dashboard.results import flags
from dashboard.results.database import RunKey, ask, number
from dashboard.results.images import Key
from dashboard.results.runs import classes

_SQL = """
    WITH one AS (
        SELECT model_id, member, fold, role, probability, flagged
        FROM prediction JOIN model USING (model_id)
        WHERE dataset = $dataset AND image_id = $image
            AND (model_id = $model OR member IS NOT NULL AND regime = (
                SELECT regime FROM model WHERE model_id = $model
            ))
    )
    SELECT model_id, member, role, probability FROM one ORDER BY model_id <> $model, fold NULLS FIRST, member
"""

_FLAGGED = f"""
    SELECT threshold.value, {flags.FLAGGED.format(place="index + 1", threshold="threshold.value::FLOAT")}
    FROM prediction CROSS JOIN finding
    LEFT JOIN (FROM threshold WHERE model_id = $model AND operating_point = 'stated') AS threshold
        ON threshold.finding = finding.name
    WHERE prediction.model_id = $model AND dataset = $dataset AND image_id = $image
    ORDER BY index
"""  # noqa: S608 (a constant)


@dataclass(frozen=True, kw_only=True)
class FindingSaid:
    """What is said of one finding.

    Attributes:
        finding: The finding.
        score: In [0, 1]; NaN without one.
        threshold: From where up it is flagged; NaN without one.
        is_flagged: Whether it is; None: nothing is said of it.
        members: Scores of the members that count for the image.
    """

    finding: str
    score: float
    threshold: float
    is_flagged: bool | None
    members: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class FindingsAnswer:
    """What a model says of an image.

    Attributes:
        role: Of its prediction, as stored.
        findings: In the order of the outputs.
        members: Names of the members.
        models: Their ids.
    """

    role: str
    findings: tuple[FindingSaid, ...]
    members: tuple[str, ...]
    models: tuple[str, ...] = ()


@st.cache_data(max_entries=128, show_spinner=False)
def findings_answer(run: RunKey, *, model: str, key: Key) -> FindingsAnswer | None:
    """What is said of an image; None if the model was not asked about it."""
    given = {"model": model, "dataset": key[0], "image": key[1]}
    rows = ask(run, _SQL, given)
    if not rows or rows[0][0] != model:
        return None
    counting = [row for row in rows[1:] if row[2] == rows[0][2]]
    scores = [_scores(row[3], k=len(classes(run))) for row in (rows[0], *counting)]
    return FindingsAnswer(
        role=str(rows[0][2]),
        members=tuple(f"member {int(number(row[1])) + 1}" for row in counting),
        models=tuple(str(row[0]) for row in counting),
        findings=tuple(
            FindingSaid(
                finding=finding,
                score=scores[0][index],
                threshold=number(threshold),
                is_flagged=None if is_flagged is None else bool(is_flagged),
                members=tuple(member[index] for member in scores[1:]),
            )
            for index, (finding, (threshold, is_flagged)) in enumerate(
                zip(classes(run), ask(run, _FLAGGED, given), strict=True)
            )
        ),
    )


def _scores(values: object, *, k: int) -> tuple[float, ...]:
    if values is None:
        return (math.nan,) * k
    return tuple(map(number, cast("Sequence[float | None]", values)))
