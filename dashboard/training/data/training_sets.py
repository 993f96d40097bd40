"""On how many images was trained, how many were held out, and what loss takes no skill to reach."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cxr_core.metrics import losses
from cxr_core.metrics.baselines import mix
from dashboard.results.database import RunKey, Value, ask, number

Range = tuple[int, int]

_SQL = """
    SELECT regime, role, member IS NULL, finding, n, n_positive, not_estimable, dataset, policy
    FROM metric JOIN model USING (model_id) JOIN dataset USING (dataset)
    WHERE (member IS NOT NULL OR model_id = regime) AND policy = training_policy
        AND task = 'single_class' AND stratum = 'all' AND operating_point IS NULL AND role IN ('train', 'internal_test')
        AND ((metric = 'accuracy' AND finding IS NULL) OR (metric = 'recall' AND finding IS NOT NULL))
    ORDER BY regime = 'full', regime
"""


@dataclass(frozen=True, kw_only=True)
class TrainingSet:
    """What the members of a regime were trained on.

    Attributes:
        regime: Which.
        dataset: The dataset.
        policy: The label policy that gave the classes.
        training: Training images of a member, from the fewest to the most; None where that is not recorded.
        held_out: Held-out images of a member likewise; None if nothing was held out.
        are_few_held_out: Whether those of some member are too few, as patients count, for a number that rests on them.
        baseline_loss: Mean cross-entropy on the held-out images (else on the training images) of always answering with
            the mix of classes of the training images, all that can be learned without a look; NaN if not known, and
            where the images are too few to hold a loss against it.
    """

    regime: str
    dataset: str
    policy: str
    training: Range | None
    held_out: Range | None
    are_few_held_out: bool
    baseline_loss: float


@st.cache_data(max_entries=64, show_spinner=False)
def training_sets(run: RunKey) -> tuple[TrainingSet, ...]:
    """Each regime with what it was trained on: split before full. Empty if the run does not tell."""
    by_regime: dict[str, list[tuple[Value, ...]]] = {}
    for row in ask(run, _SQL):
        by_regime.setdefault(str(row[0]), []).append(row)
    return tuple(_training_set(rows) for rows in by_regime.values())


def _training_set(rows: Sequence[tuple[Value, ...]]) -> TrainingSet:
    regime, *_, dataset, policy = rows[0]
    held_out = _range(rows, role="internal_test")
    return TrainingSet(
        regime=str(regime),
        dataset=str(dataset),
        policy=str(policy),
        training=_range(rows, role="train"),
        held_out=held_out,
        are_few_held_out=any(row[6] for row in rows if row[1] == "internal_test" and row[3] is None),
        baseline_loss=_baseline_loss(rows, role="train" if held_out is None else "internal_test"),
    )


def _range(rows: Sequence[tuple[Value, ...]], *, role: str) -> Range | None:
    counts = [
        int(number(n))
        for _, own, is_ensemble, finding, n, *_ in rows
        if own == role and not is_ensemble and finding is None and number(n) > 0
    ]
    return (min(counts), max(counts)) if counts else None


def _baseline_loss(rows: Sequence[tuple[Value, ...]], *, role: str) -> float:
    """The cross-entropy of the training mix on the mix of a role."""
    own = [row for row in rows if row[1] == role and row[2]]
    tested, trained = _counts(rows, role=role), _counts(rows, role="train")
    if not tested or any(row[6] for row in own if row[3] is None):
        return math.nan
    findings = list(tested | trained)
    test, answer = (mix(np.array([counts.get(each, 0.0) for each in findings])) for counts in (tested, trained))
    loss = losses.of_mix(test, answer=answer)
    # A class that was not trained on would make it infinite, and no loss could be held against it.
    return loss if math.isfinite(loss) else math.nan


def _counts(rows: Sequence[tuple[Value, ...]], *, role: str) -> dict[str, float]:
    """How many of an ensemble's images of a role have each class."""
    return {
        str(finding): number(count)
        for _, own, is_ensemble, finding, _, count, *_ in rows
        if own == role and is_ensemble and finding is not None and number(count) > 0
    }
