"""What a run declared to compare, and whether it was made before gaps were taken apart."""

from dataclasses import dataclass

import streamlit as st

from dashboard.results.comparison import Comparison
from dashboard.results.database import ask, number

_FIRST_VERSION = 4

_SQL = """
    SELECT internal_policy, external_policy FROM primary_comparison
    WHERE internal_dataset = $internal_dataset AND external_dataset = $external_dataset
"""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """Of the two datasets that a page is about.

    Attributes:
        is_old: Whether the run was made before gaps were taken apart.
        policies: Internal and external label policy of the primary comparison; None where there is none of the two.
    """

    is_old: bool
    policies: tuple[str, str] | None

    def is_of(self, comparison: Comparison) -> bool:
        """Whether a comparison is under these policies."""
        return self.policies in (None, (comparison.internal_policy, comparison.external_policy))


@st.cache_data(max_entries=64, show_spinner=False)
def declared(comparison: Comparison) -> Declared:
    """What the run declared."""
    ((version,),) = ask(comparison.run, "SELECT schema_version FROM run")
    datasets = {key: value for key, value in comparison.parameters().items() if key.endswith("_dataset")}
    rows = ask(comparison.run, _SQL, datasets)
    return Declared(
        is_old=number(version) < _FIRST_VERSION,
        policies=(str(rows[0][0]), str(rows[0][1])) if rows else None,
    )
