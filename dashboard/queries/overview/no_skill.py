"""What takes no skill to reach on the same images."""

from dataclasses import dataclass

import streamlit as st

from cxr_core.findings import FINDINGS
from dashboard.queries.runs import RunKey, Value, ask, number


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
    """

    uniform: float
    test_mix: float
    train_mix: float
    train_majority: float
    best_constant: float
    best_class: str | None


@st.cache_data(max_entries=64, show_spinner=False)
def no_skill(run: RunKey, *, model: str, dataset: str, policy: str, role: str) -> NoSkill | None:
    """The no-skill lines of one test; None if the model has no such test."""
    test: dict[str, Value] = {"model": model, "dataset": dataset, "policy": policy, "role": role}
    lines = {str(name): number(value) for name, value in ask(run, _LINES, test)}
    if not lines:
        return None
    findings: dict[str, Value] = {f"class_{index}": finding for index, finding in enumerate(FINDINGS)}
    best = ask(run, _MOST_FREQUENT, {**test, **findings})
    nan = float("nan")
    return NoSkill(
        uniform=lines.get("no_skill_uniform", nan),
        test_mix=lines.get("no_skill_test_mix", nan),
        train_mix=lines.get("no_skill_train_mix", nan),
        train_majority=lines.get("no_skill_train_majority", nan),
        best_constant=lines.get("no_skill_best_constant", nan),
        best_class=str(best[0][0]) if best else None,
    )


_TEST = """
    model_id = $model AND dataset = $dataset AND policy = $policy AND role = $role
    AND task = 'six_way' AND stratum = 'all'
"""

_LINES = f"SELECT metric, value FROM metric WHERE {_TEST} AND finding IS NULL AND metric LIKE 'no\\_skill\\_%' ESCAPE '\\'"

_MOST_FREQUENT = f"""
    SELECT finding FROM metric WHERE {_TEST} AND metric = 'recall' AND n_positive > 0
    ORDER BY n_positive DESC, list_position([$class_0, $class_1, $class_2, $class_3, $class_4, $class_5], finding)
    LIMIT 1
"""
