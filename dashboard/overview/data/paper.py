"""Results that the paper reports for the same four configurations."""

from dataclasses import dataclass

import streamlit as st

from dashboard.results.configurations import Regime
from dashboard.results.database import RunKey, ask

_IS_COMPARABLE = """
    SELECT 1 FROM run, dataset
    WHERE preset = 'paper' AND site = 'external' AND reader = 'chexpert' AND dataset = $site
        AND (SELECT list(name ORDER BY name) FROM finding) = list_sort($classes)
"""

_CLASSES = ("No Finding", "Cardiomegaly", "Nodule/Mass", "Lung Opacity", "Pleural Effusion", "Consolidation")


@dataclass(frozen=True, kw_only=True)
class Reported:
    """Two accuracies of the paper, in [0, 1].

    Attributes:
        internal: On VinBigData.
        internal_is_training: Whether that was measured on the images it was trained on.
        external: On CheXpert; None where the paper gives none.
    """

    internal: float
    internal_is_training: bool
    external: float | None


_REPORTED: dict[tuple[Regime, bool], Reported] = {
    ("split", True): Reported(internal=0.6334, internal_is_training=False, external=0.2530),
    ("split", False): Reported(internal=0.6069, internal_is_training=False, external=None),
    ("full", True): Reported(internal=0.9504, internal_is_training=True, external=0.2658),
    ("full", False): Reported(internal=0.9226, internal_is_training=True, external=None),
}


@st.cache_data(max_entries=64, show_spinner=False)
def is_comparable(run: RunKey, *, site: str | None) -> bool:
    """Whether the run follows the paper's protocol, with its classes, and the external site is the paper's."""
    return bool(ask(run, _IS_COMPARABLE, {"site": site, "classes": _CLASSES}))


def reported(*, regime: Regime | None, is_ensemble: bool) -> Reported | None:
    """The paper's accuracies of a configuration; None of a model that was brought.

    Source:
        Jack of All Trades? Generalization Challenges in Neural Networks for Chest X-Ray Classification, Table 1.
    """
    return None if regime is None else _REPORTED[regime, is_ensemble]
