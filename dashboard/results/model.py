"""What the model is: its networks, what they were trained on, and what share of a site's images the tests are about."""

from dataclasses import dataclass

import streamlit as st

from dashboard.results.comparison import Comparison
from dashboard.results.database import RunKey, Value, ask, number
from dashboard.results.images import ANY_KNOWN

_NETWORKS = """
    SELECT count(*), count(DISTINCT fold), any_value(architecture), count(DISTINCT architecture)
    FROM model WHERE regime = $model AND member IS NOT NULL
"""

_TRAINED = """
    SELECT any_value(dataset), min(n), max(n)
    FROM metric JOIN model USING (model_id) JOIN dataset USING (dataset)
    WHERE regime = $model AND member IS NOT NULL AND role = 'train' AND policy = training_policy AND n > 0
        AND stratum = 'all' AND (outputs, task, metric, coalesce(operating_point, '')) IN (
            ('softmax', 'single_class', 'accuracy', ''),
            ('sigmoid', 'finding', 'macro_accuracy', 'stated')
        )
    HAVING count(*) > 0
"""

_COUNTED = f"""
    SELECT count(*) FILTER (CASE outputs WHEN 'softmax' THEN class IS NOT NULL ELSE {ANY_KNOWN} END), count(*)
    FROM reference CROSS JOIN (SELECT outputs FROM model WHERE model_id = $model)
    WHERE dataset = $dataset AND policy = $policy
"""  # noqa: S608 (a constant)


@dataclass(frozen=True, kw_only=True)
class TrainingImages:
    """What each network was trained on.

    Attributes:
        dataset: The dataset.
        fewest: Training images of the network that has the fewest.
        most: Of the one that has the most.
    """

    dataset: str
    fewest: int
    most: int


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """The labelled images of a dataset under a policy.

    Attributes:
        dataset: The dataset.
        counted: Those with exactly one class; of findings those where it is known of any whether it is present.
        images: All.
    """

    dataset: str
    counted: int
    images: int


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model, as far as the run tells.

    Attributes:
        name: The id of the ensemble, or of a model that was brought.
        networks: Its members.
        folds: Folds that they held out; 0 without folds.
        architecture: Theirs, as stored; None where it is not recorded or not one.
        trained: What they were trained on; None where that is not recorded.
        labelled: The datasets of the tests that are shown.
        is_brought: Whether it was trained elsewhere, so that nothing is known of its networks.
    """

    name: str
    networks: int
    folds: int
    architecture: str | None
    trained: TrainingImages | None
    labelled: tuple[Labelled, ...]
    is_brought: bool = False


@st.cache_data(max_entries=64, show_spinner=False)
def about(comparison: Comparison) -> Model:
    """What the model of a comparison is."""
    given: dict[str, Value] = {"model": comparison.model}
    ((networks, folds, architecture, kinds),) = ask(comparison.run, _NETWORKS, given)
    trained = [
        TrainingImages(dataset=str(dataset), fewest=int(number(fewest)), most=int(number(most)))
        for dataset, fewest, most in ask(comparison.run, _TRAINED, given)
    ]
    return Model(
        name=comparison.model,
        is_brought=comparison.is_brought,
        networks=int(number(networks)),
        folds=int(number(folds)),
        architecture=str(architecture) if kinds == 1 else None,
        trained=trained[0] if trained else None,
        labelled=tuple(
            _labelled(comparison.run, model=comparison.model, dataset=test.dataset, policy=test.policy)
            for test in comparison.tests.values()
        ),
    )


def _labelled(run: RunKey, *, model: str, dataset: str, policy: str) -> Labelled:
    ((counted, images),) = ask(run, _COUNTED, {"model": model, "dataset": dataset, "policy": policy})
    return Labelled(dataset=dataset, counted=int(number(counted)), images=int(number(images)))
