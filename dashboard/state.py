"""The place: which run, model, sites and policies are shown. The address bar is the only truth about it."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from cxr_core.roles import pooled_ensemble
from dashboard.queries.predictions import Predictions, Role, Side
from dashboard.queries.runs import RunKey

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
        pooled: The datasets on which each image is answered by all folds' networks together, a model of its own.
    """

    run: RunKey
    model: str
    internal: str
    home: str
    site: str | None
    abroad: str | None
    pooled: frozenset[str] = frozenset()

    def answering(self, dataset: str) -> str:
        """The id of the model whose answer an image of a dataset has."""
        return pooled_ensemble(self.model) if dataset in self.pooled else self.model

    @property
    def pooled_shown(self) -> tuple[str, ...]:
        """Of the datasets that are shown, those on which only all folds' networks together answer image by image."""
        return tuple(name for name in dict.fromkeys((self.internal, self.site)) if name in self.pooled)

    def where(self, role: Role) -> tuple[str | None, str | None]:
        """Dataset and label policy of a test; both None where the run has none."""
        return (self.internal, self.home) if role == "internal_test" else (self.site, self.abroad)

    def test(self, side: Side) -> Predictions | None:
        """The test at home or abroad, image by image; None if the run has no external dataset."""
        role: Role = "internal_test" if side == "home" else "external_test"
        dataset, policy = self.where(role)
        if dataset is None or policy is None:
            return None
        return Predictions(model=self.answering(dataset), dataset=dataset, policy=policy, role=role)

    def address(self) -> dict[str, str]:
        """The place as it stands in the address bar."""
        values = (self.run.name, self.model, self.internal, self.home, self.site, self.abroad)
        return {key: value for key, value in zip(PLACE, values, strict=True) if value is not None}


def asked(key: str) -> str | None:
    """What the address asks for, unchecked; None if it leaves it open."""
    return st.query_params.get(key)


def seed() -> int:
    """The seed that images are drawn by, from ``draw`` in the address; 0 where it asks for none."""
    asked_for = asked("draw") or ""
    return int(asked_for) if asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 10 else 0


def go(changes: Mapping[str, str | None]) -> None:
    """Changes the address in one step, so that Back undoes it in one.

    Args:
        changes: New values; None takes a key out of the address. All other keys stay.
    """
    _write({**st.query_params.to_dict(), **changes})


def open_page(page: str, place: Mapping[str, str], keys: Mapping[str, str | None] | None = None) -> None:
    """Goes to another page in one step: what was chosen on the page that is left goes out of the address.

    Args:
        page: Its id in the address.
        place: `Place.address()`.
        keys: What is chosen on the page that is opened.
    """
    _write({"page": page, **place, **(keys or {})})


def _write(after: Mapping[str, str | None]) -> None:
    st.query_params.from_dict({key: value for key, value in after.items() if value is not None})
