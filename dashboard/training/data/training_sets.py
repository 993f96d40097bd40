"""On how many images was trained, how many were held out, and what loss takes no skill to reach."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cxr_core.metrics import losses
from cxr_core.metrics.baselines import mix
from dashboard.results.database import RunKey, Value, ask, number
from dashboard.training.data.recipe import recipe

Range = tuple[int, int]

_KNOWN, _PRESENT = 4, 5
"""Where the rows have how many images a number rests on, and how many of them have the class."""

_SQL = """
    SELECT regime, role, member IS NULL, finding, n, n_positive, not_estimable, outputs, dataset, policy
    FROM metric JOIN model USING (model_id) JOIN dataset USING (dataset)
    WHERE (member IS NOT NULL OR model_id = regime) AND policy = training_policy
        AND stratum = 'all' AND role IN ('train', 'internal_test')
        AND (outputs, task, metric, coalesce(operating_point, ''), finding IS NULL) IN (
            ('softmax', 'single_class', 'accuracy', '', true),
            ('softmax', 'single_class', 'recall', '', false),
            ('sigmoid', 'finding', 'macro_accuracy', 'stated', true),
            ('sigmoid', 'finding', 'accuracy', 'stated', false)
        )
    ORDER BY regime = 'full', regime
"""
"""The images, and those of each class; of findings the images where any is known, and those of each where it is."""


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
            the mix of classes of the training images (the prevalence of each finding) as class weights have it, all
            that can be learned without a look; NaN if not known, and where the images are too few to hold a loss
            against it.
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
    is_balanced = recipe(run).settings.text("class_weights") == "balanced"
    return tuple(_training_set(rows, is_balanced=is_balanced) for rows in by_regime.values())


def _training_set(rows: Sequence[tuple[Value, ...]], *, is_balanced: bool) -> TrainingSet:
    regime, *_, dataset, policy = rows[0]
    held_out = _range(rows, role="internal_test")
    return TrainingSet(
        regime=str(regime),
        dataset=str(dataset),
        policy=str(policy),
        training=_range(rows, role="train"),
        held_out=held_out,
        are_few_held_out=_are_few([row for row in rows if row[1] == "internal_test"]),
        baseline_loss=_baseline_loss(
            rows, role="train" if held_out is None else "internal_test", is_balanced=is_balanced
        ),
    )


def _range(rows: Sequence[tuple[Value, ...]], *, role: str) -> Range | None:
    counts = [
        int(number(n))
        for _, own, is_ensemble, finding, n, *_ in rows
        if own == role and not is_ensemble and finding is None and number(n) > 0
    ]
    return (min(counts), max(counts)) if counts else None


def _are_few(rows: Sequence[tuple[Value, ...]]) -> bool:
    """Whether some model has too few images; of findings, too few of each."""
    if any(row[7] == "softmax" for row in rows):
        return any(row[6] for row in rows if row[3] is None)
    of_findings = [bool(row[6]) for row in rows if row[3] is not None]
    return bool(of_findings) and all(of_findings)


def _baseline_loss(rows: Sequence[tuple[Value, ...]], *, role: str, is_balanced: bool) -> float:
    """The cross-entropy of the training mix on the mix of a role, or of the training prevalences on those of a role."""
    own = [row for row in rows if row[1] == role and row[2]]
    if not own or _are_few(own):
        return math.nan
    of_kind = _of_findings if own[0][7] == "sigmoid" else _of_classes
    loss = of_kind(rows, role=role, is_balanced=is_balanced)
    # A class that was not trained on would make it infinite, and no loss could be held against it.
    return loss if math.isfinite(loss) else math.nan


def _of_classes(rows: Sequence[tuple[Value, ...]], *, role: str, is_balanced: bool) -> float:
    tested, trained = _counts(rows, role=role), _counts(rows, role="train")
    if not tested:
        return math.nan
    if is_balanced:
        trained = dict.fromkeys(trained, 1.0)
    findings = list(tested | trained)
    test, answer = (mix(np.array([counts.get(each, 0.0) for each in findings])) for counts in (tested, trained))
    return losses.of_mix(test, answer=answer)


def _of_findings(rows: Sequence[tuple[Value, ...]], *, role: str, is_balanced: bool) -> float:
    present, known = (_counts(rows, role=role, column=column) for column in (_PRESENT, _KNOWN))
    trained, trained_known = (_counts(rows, role="train", column=column) for column in (_PRESENT, _KNOWN))
    findings = list(known)
    answer = np.array([trained.get(each, 0.0) / trained_known.get(each, math.nan) for each in findings])
    return losses.of_prevalences(
        np.array([present.get(each, 0.0) for each in findings]),
        known=np.array([known[each] for each in findings]),
        answer=np.where(np.isfinite(answer), 0.5, math.nan) if is_balanced else answer,
    )


def _counts(rows: Sequence[tuple[Value, ...]], *, role: str, column: int = _PRESENT) -> dict[str, float]:
    """How many of an ensemble's images of a role have each class, or tell of each finding."""
    return {
        str(row[3]): number(row[column])
        for row in rows
        if row[1] == role and row[2] and row[3] is not None and number(row[column]) > 0
    }
