"""What takes no skill to reach on the same images."""

import math
from dataclasses import dataclass

import streamlit as st

from dashboard.results.runs import RunKey, ask, class_order, number

_SQL = """
    SELECT metric, finding, value, n_positive, not_estimable FROM metric
    WHERE model_id = $model AND dataset = $dataset AND policy = $policy AND role = $role
        AND task = 'single_class' AND stratum = 'all'
        AND ((finding IS NULL AND starts_with(metric, 'no_skill_'))
            OR (metric = 'recall' AND finding IS NOT NULL AND n_positive > 0))
"""


@dataclass(frozen=True, kw_only=True)
class NoSkill:
    """Five accuracies without a look at any image, in [0, 1]; NaN where one is not stored.

    Attributes:
        uniform: Each class as likely as any other.
        test_mix: A draw from the classes as they are mixed in this test.
        train_mix: A draw from the classes as they were mixed in training.
        train_majority: Always the class that was most frequent in training.
        best_constant: Always the class that is most frequent in this test; none of the other four can be higher.
        best_class: That class; None if it is not stored.
        estimable: False if the test has too few images for any of these to be read as a number.
    """

    uniform: float
    test_mix: float
    train_mix: float
    train_majority: float
    best_constant: float
    best_class: str | None
    estimable: bool


@st.cache_data(max_entries=64, show_spinner=False)
def no_skill(run: RunKey, *, model: str, dataset: str | None, policy: str | None, role: str) -> NoSkill | None:
    """The no-skill lines of one test; None if the model has no such test."""
    rows = ask(run, _SQL, {"model": model, "dataset": dataset, "policy": policy, "role": role})
    lines = {str(metric): number(value) for metric, finding, value, _, _ in rows if finding is None}
    if not lines:
        return None
    positives = {str(finding): number(count) for _, finding, _, count, _ in rows if finding is not None}
    order = class_order(run)
    return NoSkill(
        uniform=lines.get("no_skill_uniform", math.nan),
        test_mix=lines.get("no_skill_test_mix", math.nan),
        train_mix=lines.get("no_skill_train_mix", math.nan),
        train_majority=lines.get("no_skill_train_majority", math.nan),
        best_constant=lines.get("no_skill_best_constant", math.nan),
        best_class=max(positives, key=lambda finding: (positives[finding], -order(finding)), default=None),
        estimable=not any(row[-1] for row in rows if row[1] is None),
    )
