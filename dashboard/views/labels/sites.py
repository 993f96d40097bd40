"""The sites that the page compares."""

from dashboard.queries.labels.members import members
from dashboard.results.comparison import Comparison, TestSet


def tests(comparison: Comparison) -> tuple[TestSet, ...]:
    """The test at home, and the one abroad if the run has an external dataset."""
    return tuple(comparison.tests.values())


def is_test(comparison: Comparison, test: TestSet) -> bool:
    """Whether the images shown are a test; false at home for a model that was trained on all of them."""
    return members(comparison.run, test).kind == "test"
