"""On how many images was trained, how many were held out, and what loss takes no skill to reach."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.queries.runs import RunKey, Value, ask, number

Range = tuple[int, int]

_SQL = """
    SELECT regime, role, member IS NULL, metric = 'recall', n, n_positive, dataset, policy
    FROM metric JOIN model USING (model_id) JOIN dataset USING (dataset)
    WHERE (member IS NOT NULL OR model_id = regime) AND policy = training_policy
        AND task = 'six_way' AND stratum = 'all' AND role IN ('train', 'internal_test')
        AND ((metric = 'accuracy' AND finding IS NULL) OR (metric = 'recall' AND finding IS NOT NULL))
    ORDER BY regime = 'full', regime
"""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What the members of a regime were trained on.

    Attributes:
        regime: Which.
        dataset: The dataset.
        policy: The label policy that gave the classes.
        training: Training images of a member, from the fewest to the most; None where that is not recorded.
        held_out: Held-out images of a member likewise; None if nothing was held out.
        no_skill_loss: Mean cross-entropy on the held-out images (else on the training images) of always answering with
            the mix of classes that these images have, than which no answer without a look has less; NaN if not known.
    """

    regime: str
    dataset: str
    policy: str
    training: Range | None
    held_out: Range | None
    no_skill_loss: float


@st.cache_data(max_entries=64, show_spinner=False)
def parts(run: RunKey) -> tuple[Part, ...]:
    """Each regime with what it was trained on: split before full. Empty if the run does not tell."""
    by_regime: dict[str, list[tuple[Value, ...]]] = {}
    for row in ask(run, _SQL):
        by_regime.setdefault(str(row[0]), []).append(row)
    return tuple(_part(rows) for rows in by_regime.values())


def uniform_loss(classes: int) -> float:
    """The cross-entropy of holding each class for as likely."""
    return math.log(classes)


def _part(rows: Sequence[tuple[Value, ...]]) -> Part:
    regime, *_, dataset, policy = rows[0]
    held_out = _range(rows, role="internal_test")
    return Part(
        regime=str(regime),
        dataset=str(dataset),
        policy=str(policy),
        training=_range(rows, role="train"),
        held_out=held_out,
        no_skill_loss=_entropy(rows, role="train" if held_out is None else "internal_test"),
    )


def _range(rows: Sequence[tuple[Value, ...]], *, role: str) -> Range | None:
    counts = [
        int(number(n))
        for _, own, is_ensemble, is_recall, n, *_ in rows
        if own == role and not is_ensemble and not is_recall and number(n) > 0
    ]
    return (min(counts), max(counts)) if counts else None


def _entropy(rows: Sequence[tuple[Value, ...]], *, role: str) -> float:
    positives = [
        number(count)
        for _, own, is_ensemble, is_recall, _, count, *_ in rows
        if own == role and is_ensemble and is_recall
    ]
    total = sum(positives)
    if not positives or not total > 0:
        return math.nan
    return -sum(count / total * math.log(count / total) for count in positives if count > 0)
