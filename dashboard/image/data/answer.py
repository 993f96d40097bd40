"""Answers of a model and its members for one image, and the role that it has there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from dashboard.results.database import RunKey, Value, ask, number
from dashboard.results.images import ANSWERED, Key
from dashboard.results.runs import classes

_SQL = f"""
    WITH asked AS (SELECT regime FROM model WHERE model_id = $model)
    SELECT model_id, member, fold, role, predicted, probability
    FROM prediction JOIN model USING (model_id)
    WHERE regime = (FROM asked) AND dataset = $dataset AND image_id = $image
        AND (model_id = $model OR member IS NOT NULL) AND {ANSWERED}
    ORDER BY model_id <> $model, fold NULLS FIRST, member
"""  # noqa: S608 (a constant)

_ROLE = "SELECT role FROM prediction WHERE model_id = $model AND dataset = $dataset AND image_id = $image"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one model says.

    Attributes:
        model: Its id.
        name: ``ensemble``, ``member 1`` or ``fold 2, member 1``.
        predicted: Index of the class that it answers.
        finding: That class.
        probability: Of each class, in [0, 1]; NaN of one that it says nothing about.
    """

    model: str
    name: str
    predicted: int
    finding: str
    probability: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an ensemble says, and those of its members that count for this image and give a single answer.

    Attributes:
        ensemble: The mean of its members.
        members: With folds, only those that take part for this image.
        role: Of the ensemble's prediction, as stored.
    """

    ensemble: Said
    members: tuple[Said, ...]
    role: str

    @property
    def agreeing(self) -> int:
        """Members that answer what the ensemble answers."""
        return sum(member.predicted == self.ensemble.predicted for member in self.members)


@st.cache_data(max_entries=128, show_spinner=False)
def answer(run: RunKey, *, model: str, key: Key) -> Answer | None:
    """What is said of an image; None if this ensemble was not asked about it, or gives no single answer."""
    rows = ask(run, _SQL, {"model": model, "dataset": key[0], "image": key[1]})
    if not rows or rows[0][0] != model:
        return None
    role = str(rows[0][3])
    folded = [row for row in rows[1:] if row[2] is not None]
    # With folds, a member that was trained on the image takes no part in the ensemble's answer.
    counting = [row for row in rows[1:] if not folded or str(row[3]) == role]
    said = [
        Said(
            model=str(name),
            name=_name(fold, member),
            predicted=int(number(predicted)),
            finding=classes(run)[int(number(predicted))],
            probability=tuple(map(number, cast("Sequence[float | None]", probability))),
        )
        for name, member, fold, _, predicted, probability in [rows[0], *counting]
    ]
    return Answer(ensemble=said[0], members=tuple(said[1:]), role=role)


@st.cache_data(max_entries=128, show_spinner=False)
def role(run: RunKey, *, model: str, key: Key) -> str | None:
    """In which role an ensemble was asked about an image; None if it was not."""
    rows = ask(run, _ROLE, {"model": model, "dataset": key[0], "image": key[1]})
    return str(rows[0][0]) if rows else None


def _name(fold: Value, member: Value) -> str:
    if member is None:
        return "ensemble"
    place = "" if fold is None else f"fold {int(fold) + 1}, "
    return f"{place}member {int(member) + 1}"
