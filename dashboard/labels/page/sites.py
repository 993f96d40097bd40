"""The sites that the page compares."""

from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.site_images import site_images


def tests(comparison: Comparison) -> tuple[TestSet, ...]:
    """The internal test, and the external one if the run has an external dataset."""
    return tuple(comparison.tests.values())


def is_test(comparison: Comparison, test: TestSet) -> bool:
    """Whether the images shown are a test; false for internal ones that the model was all trained on."""
    return site_images(comparison.run, test).kind == "test"
