"""The images of a site on which saliency can be looked at, and the methods that made it."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, Value, ask
from dashboard.results.maps import DEFAULT_METHOD

SaliencyRole = Literal["internal_test", "external_test", "train"]

_COUNTED = """
    SELECT count(*) FILTER (role = $role), count(*) FILTER (role = 'train') FROM prediction
    WHERE model_id = $model AND dataset = $dataset
"""

_METHODS = """
    SELECT DISTINCT method FROM saliency WHERE model_id = $model AND dataset = $dataset
    ORDER BY method <> $default, method
"""

_SCORED = """
    SELECT name FROM finding
    WHERE (SELECT bool_or(NOT isnan(probability[index + 1])) FROM prediction WHERE model_id IN (SELECT unnest($models)))
    ORDER BY index
"""

_HAS_BOXES = "SELECT 1 FROM box JOIN name_match USING (dataset, finding) WHERE dataset = $dataset LIMIT 1"


@dataclass(frozen=True, kw_only=True)
class SaliencyTest:
    """Images of one site that a model gave an answer to.

    Attributes:
        model: The id of an ensemble.
        dataset: The images.
        policy: The label policy that gives them their class.
        role: Of its answers; ``train`` only where the model has no test on this dataset.
        has_boxes: Whether anybody drew boxes of the classes on this dataset.
    """

    model: str
    dataset: str
    policy: str
    role: SaliencyRole
    has_boxes: bool

    @property
    def is_pointed_at(self) -> bool:
        """Whether its saliency can be held against readers' boxes as a test."""
        return self.has_boxes and self.role != "train"

    def parameters(self) -> dict[str, Value]:
        """For a query."""
        return {"model": self.model, "dataset": self.dataset, "policy": self.policy, "role": self.role}


@st.cache_data(max_entries=64, show_spinner=False)
def saliency_test(run: RunKey, test: TestSet) -> SaliencyTest | None:
    """The images of a test; those that the model was trained on where it has no such test; None if it has neither."""
    parameters = {"model": test.model, "dataset": test.dataset}
    ((tested, trained),) = ask(run, _COUNTED, {**parameters, "role": test.role})
    if not tested and not trained:
        return None
    return SaliencyTest(
        model=test.model,
        dataset=test.dataset,
        policy=test.policy,
        role=test.role if tested else "train",
        has_boxes=bool(ask(run, _HAS_BOXES, {"dataset": test.dataset})),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def methods(run: RunKey, test: SaliencyTest) -> tuple[str, ...]:
    """How saliency was made for these images, class activation maps first; empty if it was not."""
    parameters = {"model": test.model, "dataset": test.dataset, "default": DEFAULT_METHOD}
    return tuple(str(method) for (method,) in ask(run, _METHODS, parameters))


@st.cache_data(max_entries=64, show_spinner=False)
def scored(run: RunKey, models: tuple[str, ...]) -> frozenset[str]:
    """The classes that some of these models give a score; a network gives none to what it was not trained on."""
    return frozenset(str(name) for (name,) in ask(run, _SCORED, {"models": models}))
