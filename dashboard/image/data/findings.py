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
    """

    role: str
    findings: tuple[FindingSaid, ...]
    members: tuple[str, ...]


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
        findings=tuple(
            FindingSaid(
                finding=finding,
                score=scores[0][index],
                threshold=_threshold(run, model=model, finding=finding),
                is_flagged=_flagged(run, key, model=model, index=index),
                members=tuple(member[index] for member in scores[1:]),
            )
            for index, finding in enumerate(classes(run))
        ),
    )


def _scores(values: object, *, k: int) -> tuple[float, ...]:
    if values is None:
        return (math.nan,) * k
    return tuple(map(number, cast("Sequence[float | None]", values)))


def _threshold(run: RunKey, *, model: str, finding: str) -> float:
    ((value,),) = ask(run, f"SELECT {flags.threshold('$finding')}", {"model": model, "finding": finding})
    return number(value)


def _flagged(run: RunKey, key: Key, *, model: str, index: int) -> bool | None:
    finding = classes(run)[index]
    flagged = flags.FLAGGED.format(place=index + 1, threshold=flags.threshold("$finding"))
    sql = f"SELECT {flagged} FROM prediction WHERE model_id = $model AND dataset = $dataset AND image_id = $image"  # noqa: S608 (a place)
    ((value,),) = ask(run, sql, {"model": model, "finding": finding, "dataset": key[0], "image": key[1]})
    return None if value is None else bool(value)
