"""The primary comparison that a run declared before any number was seen: one reader of `primary_comparison`."""

from dataclasses import dataclass

import streamlit as st

from dashboard.results.comparison import Comparison
from dashboard.results.database import ask
from dashboard.results.metrics import ALL
from dashboard.results.runs import choices
from dashboard.results.side import Side

_SQL = """
    SELECT internal_policy, external_policy, stratum, metric FROM primary_comparison
    WHERE internal_dataset = $internal_dataset AND external_dataset = $external_dataset
"""


@dataclass(frozen=True, kw_only=True)
class PrimaryComparison:
    """Of the two datasets that a page is about.

    Attributes:
        policies: The label policy of each test.
        stratum: Of which images.
        metric: Its name in the catalogue.
        model: Of which model; None: of every model that was brought.
    """

    policies: dict[Side, str]
    stratum: str
    metric: str
    model: str | None

    def is_under(self, comparison: Comparison) -> bool:
        """Whether a comparison is under its label policies."""
        return all(test.policy == self.policies[side] for side, test in comparison.tests.items())


@dataclass(frozen=True, kw_only=True)
class PageNumbers:
    """What a page shows of the numbers of a run.

    Attributes:
        metrics: Their names in the catalogue.
        has_groups: Whether they are of groups of images.
    """

    metrics: frozenset[str]
    has_groups: bool = False


@st.cache_data(max_entries=64, show_spinner=False)
def primary(comparison: Comparison) -> PrimaryComparison | None:
    """What was declared; None where nothing was, as in runs of before, or without two tests."""
    datasets = {key: value for key, value in comparison.parameters().items() if key.endswith("_dataset")}
    offered = choices(comparison.run)
    for internal, external, stratum, metric in ask(comparison.run, _SQL, datasets):
        return PrimaryComparison(
            policies={Side.INTERNAL: str(internal), Side.EXTERNAL: str(external)},
            stratum=str(stratum),
            metric=str(metric),
            model=None if comparison.model in offered.brought else offered.models[0],
        )
    return None


def differs(
    comparison: Comparison,
    declared: PrimaryComparison,
    *,
    shown: PageNumbers | None,
    sides: frozenset[Side],
    has_model: bool,
) -> tuple[str, ...]:
    """In what a page is not about the primary comparison, plain words; empty where it is.

    Args:
        comparison: What is picked.
        declared: What was declared.
        shown: What the page shows; None where it is about no metric.
        sides: Whose label policies matter on the page.
        has_model: Whether the model does.
    """
    is_other_policy = any(
        test.policy != declared.policies[side] for side, test in comparison.tests.items() if side in sides
    )
    is_of_groups = shown is not None and shown.has_groups
    reasons = {
        "another model": has_model and declared.model not in (None, comparison.model),
        "other label policies": is_other_policy,
        "another metric": shown is not None and not is_of_groups and declared.metric not in shown.metrics,
        "groups of images": is_of_groups and declared.stratum == ALL,
        "other images": shown is not None and not is_of_groups and declared.stratum != ALL,
    }
    return tuple(reason for reason, is_so in reasons.items() if is_so)
