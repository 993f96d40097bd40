"""The sites that the page compares."""

from dashboard.queries.labels.members import members
from dashboard.results.comparison import Comparison, TestSet


def tests(comparison: Comparison) -> tuple[TestSet, ...]:
    """The internal test, and the external one if the run has an external dataset."""
    return tuple(comparison.tests.values())


def is_test(comparison: Comparison, test: TestSet) -> bool:
    """Whether the images shown are a test; false for internal ones that the model was all trained on."""
    return members(comparison.run, test).kind == "test"
