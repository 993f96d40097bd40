"""What so many patients of the external site buy, over draws of them."""

from dataclasses import dataclass

import streamlit as st

from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.database import ask, number
from dashboard.results.downloads import Row, beginning

_SQL = """
    SELECT finding, metric, patients, gain, spread, low, high, lacking, judged_by FROM local_patients
    WHERE model_id = $model AND dataset = $external_dataset AND policy = $external_policy
    ORDER BY finding, metric, patients
"""


@dataclass(frozen=True, kw_only=True)
class Gain:
    """What a number of patients buys.

    Attributes:
        finding: Of which finding; None: of all classes.
        metric: What is gained.
        patients: How many.
        gain: The mean over draws, and from the 5th to the 95th percentile of them.
        spread: The standard deviation over the draws.
        lacking: Share of the draws that lack a class.
        judged_by: Other patients that judge.
    """

    finding: str | None
    metric: str
    patients: int
    gain: Estimate
    spread: float
    lacking: float
    judged_by: int


@st.cache_data(max_entries=64, show_spinner=False)
def gains(comparison: Comparison) -> tuple[Gain, ...]:
    """Every gain of a model at the external site, the fewest patients first; empty where none was tried."""
    external = {key: value for key, value in comparison.parameters().items() if key.startswith("external")}
    return tuple(
        Gain(
            finding=None if finding is None else str(finding),
            metric=str(metric),
            patients=int(number(patients)),
            gain=Estimate(value=number(gain), low=number(low), high=number(high), n=0, estimable=True, spread="range"),
            spread=number(spread),
            lacking=number(lacking),
            judged_by=int(number(judged_by)),
        )
        for finding, metric, patients, gain, spread, low, high, lacking, judged_by in ask(
            comparison.run, _SQL, {"model": comparison.model, **external}
        )
    )


def gain_rows(comparison: Comparison) -> list[Row]:
    """All of them for a download."""
    start = beginning(
        comparison.run,
        model=comparison.model,
        dataset=comparison.external_dataset,
        role="external_adapted",
        policy=comparison.external_policy,
    )
    return [
        {
            **start,
            "finding": each.finding,
            "gain_in": each.metric,
            "patients": each.patients,
            "gain": each.gain.value,
            "standard_deviation": each.spread,
            "percentile_5": each.gain.low,
            "percentile_95": each.gain.high,
            "lacking": each.lacking,
            "judged_by": each.judged_by,
        }
        for each in gains(comparison)
    ]
