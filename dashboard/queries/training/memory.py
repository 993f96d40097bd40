"""How much of what a model knows about its training images holds for new ones at home."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from cxr_core.statistics.members import summary
from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.runs import Value, ask, number

_SQL = """
    SELECT model_id, regime, fold, member, role, value, low, high, n, n_effective, not_estimable
    FROM metric JOIN model USING (model_id)
    WHERE task = 'single_class' AND stratum = 'all' AND finding IS NULL AND metric = 'accuracy' AND n > 0
        AND (member IS NOT NULL OR model_id = regime) AND (
        (role = 'internal_test' AND dataset = $internal_dataset AND policy = $internal_policy)
        OR (role = 'train' AND (dataset, policy) IN (
            SELECT (dataset, CASE WHEN dataset = $internal_dataset THEN $internal_policy ELSE training_policy END)
            FROM dataset WHERE site = 'source' AND training_policy IS NOT NULL
        ))
    )
    ORDER BY regime = 'full', regime, member IS NOT NULL, fold, member
"""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What one model knows.

    Attributes:
        model: Its id; None for the mean of a regime's members.
        regime: What it was trained on.
        fold: The fold that it held out; None without folds.
        member: From 0; None for the ensemble and for the mean.
        members: Of how many members this is the mean; None for a single model.
        training: Accuracy on its own training images; None if no image at home is one for it.
        held_out: Accuracy on new images at home; None if there are none.
    """

    model: str | None
    regime: str
    fold: int | None
    member: int | None
    members: int | None = None
    training: Estimate | None
    held_out: Estimate | None

    @property
    def memorized(self) -> float:
        """Training minus held out, in [-1, 1]; NaN where one of them is no number."""
        if self.training is None or self.held_out is None:
            return math.nan
        are_numbers = self.training.is_number and self.held_out.is_number
        return self.training.value - self.held_out.value if are_numbers else math.nan


@st.cache_data(max_entries=64, show_spinner=False)
def memory(comparison: Comparison) -> tuple[Memory, ...]:
    """What every model of a run knows: split before full, an ensemble before its members.

    The label policy of the internal test is also that of the training images, where both are of one dataset.
    """
    parameters = {
        "internal_dataset": comparison.internal_dataset,
        "internal_policy": comparison.internal_policy,
    }
    by_model: dict[str, list[tuple[Value, ...]]] = {}
    for row in ask(comparison.run, _SQL, parameters):
        by_model.setdefault(str(row[0]), []).append(row)
    return tuple(_memory(rows) for rows in by_model.values())


def summaries(found: Sequence[Memory]) -> tuple[Memory, ...]:
    """One for each regime: its ensemble; the mean of its members where that has no training images of its own."""
    return tuple(_summary([row for row in found if row.regime == regime]) for regime in _regimes(found))


def rows(found: Sequence[Memory]) -> list[dict[str, str | float | None]]:
    """Every model as a table to take along: shares as fractions, blank where nothing is defined."""
    table: list[dict[str, str | float | None]] = []
    for row in found:
        kind = "ensemble" if row.member is None else "member"
        which: dict[str, str | float | None] = {
            "regime": row.regime,
            "model": kind,
            "fold": None if row.fold is None else row.fold + 1,
            "member": None if row.member is None else row.member + 1,
        }
        table.append(
            {
                **which,
                **_columns("training images", row.training),
                **_columns("internal test", row.held_out),
                "difference": row.memorized,
            }
        )
    return table


def _columns(name: str, estimate: Estimate | None) -> dict[str, str | float | None]:
    parts = {"accuracy": "value", "low": "low", "high": "high", "images": "n", "counting as": "n_effective"}
    known = {f"{name}, {part}": None if estimate is None else getattr(estimate, key) for part, key in parts.items()}
    return {**known, f"{name}, estimable": None if estimate is None else "yes" if estimate.estimable else "no"}


def _regimes(found: Sequence[Memory]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.regime for row in found))


def _summary(of_regime: Sequence[Memory]) -> Memory:
    ensembles = [row for row in of_regime if row.member is None]
    members = [row for row in of_regime if row.member is not None]
    if not members or (ensembles and ensembles[0].training is not None):
        return ensembles[0]
    return Memory(
        model=None,
        regime=members[0].regime,
        fold=None,
        member=None,
        members=len(members),
        training=_mean([row.training for row in members]),
        held_out=_mean([row.held_out for row in members]),
    )


def _mean(estimates: Sequence[Estimate | None]) -> Estimate | None:
    known = [estimate for estimate in estimates if estimate is not None]
    if not known:
        return None
    found = summary([estimate.value for estimate in known])
    return Estimate(
        value=found.value,
        low=found.low,
        high=found.high,
        n=max(estimate.n for estimate in known),
        n_effective=min(estimate.n_effective for estimate in known),
        estimable=all(estimate.estimable for estimate in known),
        spread="range",
    )


def _memory(rows: Sequence[tuple[Value, ...]]) -> Memory:
    model, regime, fold, member, *_ = rows[0]
    by_role = {str(row[4]): _estimate(row) for row in rows}
    return Memory(
        model=str(model),
        regime=str(regime),
        fold=None if fold is None else int(fold),
        member=None if member is None else int(member),
        training=by_role.get("train"),
        held_out=by_role.get("internal_test"),
    )


def _estimate(row: tuple[Value, ...]) -> Estimate:
    *_, value, low, high, n, n_effective, not_estimable = row
    return Estimate(
        value=number(value),
        low=number(low),
        high=number(high),
        n=int(number(n)),
        n_effective=number(n_effective),
        estimable=not not_estimable,
    )
