"""Accuracies, or another metric of all classes, of the four configurations at home and abroad."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.runs import Value, ask, number

Regime = Literal["split", "full"]

Metric = Literal["accuracy", "macro_precision", "macro_recall", "macro_f1"]
"""A metric of all classes together."""

_SQL = """
    WITH measured AS (
        SELECT model_id, regime, member IS NULL AS ensemble, role, value, low, high, n, n_effective, not_estimable
        FROM metric JOIN model USING (model_id)
        WHERE task = 'single_class' AND stratum = 'all' AND finding IS NULL AND metric = $metric AND n > 0
            AND (member IS NOT NULL OR model_id = regime) AND (
            (role = 'internal_test' AND dataset = $internal_dataset AND policy = $internal_policy)
            OR (role = 'external_test' AND dataset = $external_dataset AND policy = $external_policy)
            OR (role = 'train' AND (dataset, policy) IN (
                SELECT (dataset, CASE WHEN dataset = $internal_dataset THEN $internal_policy ELSE training_policy END)
                FROM dataset WHERE site = 'source' AND training_policy IS NOT NULL
            ))
        )
    )
    SELECT regime, ensemble, role, count(*), any_value(model_id), any_value(value), any_value(low), any_value(high),
        max(n), min(n_effective), bool_or(not_estimable)
    FROM measured WHERE ensemble GROUP BY ALL
    UNION ALL
    SELECT regime, ensemble, role, count(*), NULL, CASE WHEN count(value) = count(*) THEN avg(value) END,
        min(value), max(value), max(n), min(n_effective), bool_or(not_estimable)
    FROM measured WHERE NOT ensemble GROUP BY ALL
    UNION ALL
    SELECT regime, TRUE, 'lost', 1, model_id, value, low, high, 0, NULL, not_estimable
    FROM gap JOIN model USING (model_id)
    WHERE internal_dataset = $internal_dataset AND internal_policy = $internal_policy
        AND external_dataset = $external_dataset AND external_policy = $external_policy
        AND task = 'single_class' AND stratum = 'all' AND finding IS NULL AND metric = $metric AND value IS NOT NULL
    UNION ALL
    SELECT regime, FALSE, 'lost', count(*), NULL, CASE WHEN count(lost) = count(*) THEN avg(lost) END,
        min(lost), max(lost), 0, NULL, bool_or(not_estimable)
    FROM (
        SELECT home.regime, home.value - abroad.value AS lost,
            home.not_estimable OR abroad.not_estimable AS not_estimable
        FROM measured AS home JOIN measured AS abroad USING (model_id)
        WHERE NOT home.ensemble AND home.role = 'internal_test' AND abroad.role = 'external_test'
    )
    GROUP BY ALL
"""


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """One row of the overview.

    Attributes:
        model: The id of the ensemble; None for the mean of its members.
        regime: What it was trained on.
        members: Of how many single members this is the mean; None for the ensemble.
        training: The metric on its own training images; None if it was not measured.
        internal: That of the internal test; None if there is none.
        external: That of the external test; None if there is none.
        lost: Internal minus external; None unless both exist.
    """

    model: str | None
    regime: Regime
    members: int | None
    training: Estimate | None
    internal: Estimate | None
    external: Estimate | None
    lost: Estimate | None


@st.cache_data(max_entries=64, show_spinner=False)
def configurations(comparison: Comparison, *, metric: Metric = "accuracy") -> tuple[Configuration, ...]:
    """The configurations of a run: split before full, the ensemble before its single members.

    The mean of single members is undefined where the metric is so for one of them.
    """
    rows = ask(comparison.run, _SQL, {**comparison.parameters(), "metric": metric})
    regimes: tuple[Regime, ...] = ("split", "full")
    return tuple(
        _configuration(regime, own)
        for regime in regimes
        for ensemble in (True, False)
        if (own := {str(row[2]): row for row in rows if row[:2] == (regime, ensemble)})
    )


def as_rows(rows: Sequence[Configuration]) -> list[dict[str, str | float | None]]:
    """The configurations as a table to take along, a row a number: shares as fractions, NaN where none is defined."""
    return [
        {
            "regime": row.regime,
            "model": "ensemble" if row.members is None else f"mean of {row.members} members",
            "quantity": quantity,
            "value": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
            "spread": estimate.spread,
            "images": estimate.n or None,
            "counting as": None if math.isnan(estimate.n_effective) else estimate.n_effective,
            "estimable": "yes" if estimate.estimable else "no",
        }
        for row in rows
        for quantity, estimate in _quantities(row).items()
        if estimate is not None
    ]


def _quantities(row: Configuration) -> dict[str, Estimate | None]:
    return {
        "training images": row.training,
        "internal test": row.internal,
        "external test": row.external,
        "points lost": row.lost,
    }


def _configuration(regime: Regime, rows: dict[str, tuple[Value, ...]]) -> Configuration:
    _, ensemble, _, _, model, *_ = next(iter(rows.values()))
    return Configuration(
        model=str(model) if ensemble else None,
        regime=regime,
        members=None if ensemble else max(int(number(row[3])) for row in rows.values()),
        training=_estimate(rows.get("train")),
        internal=_estimate(rows.get("internal_test")),
        external=_estimate(rows.get("external_test")),
        lost=_estimate(rows.get("lost")),
    )


def _estimate(row: tuple[Value, ...] | None) -> Estimate | None:
    if row is None:
        return None
    _, ensemble, _, _, _, value, low, high, n, n_effective, not_estimable = row
    return Estimate(
        value=number(value),
        low=number(low),
        high=number(high),
        n=int(number(n)),
        n_effective=number(n_effective),
        estimable=not not_estimable,
        spread="interval" if ensemble else "range",
    )
