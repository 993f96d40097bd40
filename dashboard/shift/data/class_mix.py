"""The external site's class mix as estimated without its labels, beside what its labels say."""

from dataclasses import dataclass

import streamlit as st

from dashboard.results.comparison import Comparison
from dashboard.results.database import ask, number
from dashboard.results.downloads import Row, beginning
from dashboard.results.runs import class_order

_SQL = """
    SELECT finding, internal, external, estimated, distance FROM class_mix
    WHERE model_id = $model AND internal_dataset = $internal_dataset AND internal_policy = $internal_policy
        AND external_dataset = $external_dataset AND external_policy = $external_policy
"""

_MOST = 1.0


@dataclass(frozen=True, kw_only=True)
class EstimatedShare:
    """One class, or one finding; shares are in [0, 1].

    Attributes:
        finding: Which.
        internal: Its share in the internal test.
        external: In the external test, by its labels.
        estimated: There, without them; it says nothing unless `may_be_read`.
        distance: How far the external scores are from the internal ones at that mix; 1 is what chance allows.
    """

    finding: str
    internal: float
    external: float
    estimated: float
    distance: float

    @property
    def may_be_read(self) -> bool:
        """Whether the sites may differ in their mix alone."""
        return self.distance <= _MOST


@st.cache_data(max_entries=64, show_spinner=False)
def class_mix(comparison: Comparison) -> tuple[EstimatedShare, ...]:
    """Every class of a model between two tests, in class order; empty where nothing was estimated."""
    order = class_order(comparison.run)
    found = [
        EstimatedShare(
            finding=str(finding),
            internal=number(internal),
            external=number(external),
            estimated=number(estimated),
            distance=number(distance),
        )
        for finding, internal, external, estimated, distance in ask(
            comparison.run, _SQL, {"model": comparison.model, **comparison.parameters()}
        )
    ]
    return tuple(sorted(found, key=lambda each: order(each.finding)))


def mix_rows(comparison: Comparison) -> list[Row]:
    """All of them for a download; an estimate that must not be read is blank."""
    start = beginning(
        comparison.run,
        model=comparison.model,
        dataset=comparison.external_dataset,
        role="external_test",
        policy=comparison.external_policy,
    )
    return [
        {
            **start,
            "finding": each.finding,
            "internal": each.internal,
            "external": each.external,
            "estimated": each.estimated if each.may_be_read else None,
            "distance": each.distance,
        }
        for each in class_mix(comparison)
    ]
