"""What a run holds of a model, so that pages offer what there is: asked once, here."""

from dataclasses import dataclass
from typing import Literal, cast

import streamlit as st

from dashboard.results.comparison import Comparison
from dashboard.results.database import ask, number
from dashboard.results.metrics import Task
from dashboard.results.side import Side

Outputs = Literal["softmax", "sigmoid"]

RoleBasis = Literal["computed", "declared", "not_known"]

_MODEL = """
    SELECT outputs, origin,
        EXISTS (FROM prediction WHERE model_id IN (SELECT unnest($models)) AND probability IS NOT NULL),
        EXISTS (FROM metric WHERE model_id = $model AND task = 'finding' AND operating_point = 'stated'),
        EXISTS (FROM saliency WHERE model_id = $model)
    FROM model WHERE model_id = $model
"""

_DATASETS = """
    SELECT count(*) FILTER (role = 'internal_test'), count(*) FILTER (role = 'external_test'),
    FROM prediction WHERE model_id IN (SELECT unnest($models)) AND dataset IN ($internal_dataset, $external_dataset)
"""

_FILES = "SELECT count(file) > 0 FROM image WHERE dataset IN ($internal_dataset, $external_dataset)"

_BASES = "SELECT dataset, coalesce(role_basis, 'computed') FROM dataset"


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """What a run holds of the model and the sites that a page is about.

    Attributes:
        outputs: ``softmax``: one class an image. ``sigmoid``: any number of findings.
        is_brought: Whether the model was trained elsewhere: nothing is known of its training.
        has_scores: Whether it gives probabilities; else flags alone.
        is_at_threshold: Whether findings have numbers at a threshold, or of flags.
        has_saliency: Whether there are maps of it.
        has_files: Whether the sites have image files.
        tests: The tests with images.
        bases: What the role of each dataset rests on.
    """

    outputs: Outputs
    is_brought: bool
    has_scores: bool
    is_at_threshold: bool
    has_saliency: bool
    has_files: bool
    tests: frozenset[Side]
    bases: dict[str, RoleBasis]

    @property
    def has_findings(self) -> bool:
        """Whether it is about findings that do not exclude each other, so that there is no one answer an image."""
        return self.outputs == "sigmoid"

    @property
    def has_pictures(self) -> bool:
        """Whether there can be pixels to show: a trained model has seen some, whatever became of the files."""
        return self.has_files or not self.is_brought

    @property
    def task(self) -> Task:
        """What its numbers are of."""
        return "finding" if self.has_findings else "single_class"

    @property
    def is_compared(self) -> bool:
        """Whether it has both tests, and so a gap."""
        return len(self.tests) == len(Side)

    @property
    def is_alone(self) -> bool:
        """Whether there is one test and no other to be missed: pages speak of one site, and never of a gap."""
        return (self.has_findings or self.is_brought) and not self.is_compared

    @property
    def headline(self) -> tuple[str, ...]:
        """What is said of it first: metrics of each class, whose means over classes are ``macro_...``."""
        if not self.has_findings:
            return ("recall",)
        return ("auroc",) if self.has_scores else ("recall", "specificity")


@st.cache_data(max_entries=64, show_spinner=False)
def holdings(comparison: Comparison) -> Holdings:
    """What the run holds of the model of a comparison and of its sites."""
    answering = [comparison.model, *(test.model for test in comparison.tests.values())]
    sites = {key: value for key, value in comparison.parameters().items() if key.endswith("_dataset")}
    ((outputs, origin, scores, at_threshold, saliency),) = ask(
        comparison.run, _MODEL, {"model": comparison.model, "models": answering}
    )
    ((internal, external),) = ask(comparison.run, _DATASETS, {"models": answering, **sites})
    ((files,),) = ask(comparison.run, _FILES, sites)
    counts = {Side.INTERNAL: internal, Side.EXTERNAL: external}
    return Holdings(
        outputs=cast("Outputs", outputs),
        is_brought=origin == "brought",
        has_scores=bool(scores),
        is_at_threshold=bool(at_threshold),
        has_saliency=bool(saliency),
        has_files=bool(files),
        tests=frozenset(side for side, n in counts.items() if number(n) > 0),
        bases={str(dataset): cast("RoleBasis", basis) for dataset, basis in ask(comparison.run, _BASES)},
    )
