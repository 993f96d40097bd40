"""The primary comparison of a run in words, and what is exploratory beside it."""

from collections.abc import Sequence

from cxr_core.metrics.catalogue import find
from dashboard import words
from dashboard.notation import plural, told_of
from dashboard.results.comparison import Comparison
from dashboard.results.primary import PrimaryComparison
from dashboard.text.badges import Badge

DECLARED = "primary comparison, declared before the numbers"


def mark(comparison: Comparison, declared: PrimaryComparison, *, reasons: Sequence[str]) -> Badge:
    """Whether a page is about the primary comparison, or in what it is not.

    Args:
        comparison: What is picked.
        declared: What was declared.
        reasons: In what the page differs; empty where it does not.
    """
    said = _said(comparison, declared)
    if reasons:
        differing = told_of(comparison.noun, ", ".join(reasons))
        text = f":gray-badge[:material/explore: exploratory] :gray[:small[{differing}]]"
        return Badge(text, f"The primary comparison, declared before the numbers, is {said}. All else is exploratory.")
    return Badge(
        ":gray-badge[:material/flag: primary comparison]",
        f"Declared before the numbers: {said}. All else is exploratory.",
    )


def metric(name: str) -> str:
    """What a metric is called: ``macro AUROC``."""
    known = find(name)
    return name.replace("_", " ") if known is None else known.label


def _said(comparison: Comparison, declared: PrimaryComparison) -> str:
    policies = ", ".join(
        f"{test.site} {words.policy(declared.policies[side])}" for side, test in comparison.tests.items()
    )
    of = words.stratum(declared.stratum, everything=f"all {plural(comparison.noun)}")
    return words.one_line(f"{metric(declared.metric)} of {of} ({policies})")
