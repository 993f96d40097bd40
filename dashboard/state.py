"""The place: which run, model, sites and policies are shown. The address bar is the only truth about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.queries.runs import RunKey

Role = Literal["internal_test", "external_test"]
"""The two tests that pages compare."""

PLACE = ("run", "model", "internal", "home", "site", "abroad")
"""What every page shares, as named in the address."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What is shown, checked against what the run really holds.

    Attributes:
        run: Which results file.
        model: The id of an ensemble.
        internal: The dataset of the internal test.
        home: The label policy there.
        site: The external dataset; None if the run has none.
        abroad: The label policy there; None if there is no external dataset.
    """

    run: RunKey
    model: str
    internal: str
    home: str
    site: str | None
    abroad: str | None

    def where(self, role: Role) -> tuple[str | None, str | None]:
        """Dataset and label policy of a test; both None where the run has none."""
        return (self.internal, self.home) if role == "internal_test" else (self.site, self.abroad)

    def address(self) -> dict[str, str]:
        """The place as it stands in the address bar."""
        values = (self.run.name, self.model, self.internal, self.home, self.site, self.abroad)
        return {key: value for key, value in zip(PLACE, values, strict=True) if value is not None}


def asked(key: str) -> str | None:
    """What the address asks for, unchecked; None if it leaves it open."""
    return st.query_params.get(key)


def go(changes: Mapping[str, str | None]) -> None:
    """Changes the address in one step, so that Back undoes it in one.

    Args:
        changes: New values; None takes a key out of the address. All other keys stay.
    """
    after = {**st.query_params.to_dict(), **changes}
    st.query_params.from_dict({key: value for key, value in after.items() if value is not None})
