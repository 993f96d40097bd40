"""The sites that the page compares."""

from dashboard.queries.labels.site_images import site_images
from dashboard.results.comparison import Comparison, TestSet


def tests(comparison: Comparison) -> tuple[TestSet, ...]:
    """The internal test, and the external one if the run has an external dataset."""
    return tuple(comparison.tests.values())


def is_test(comparison: Comparison, test: TestSet) -> bool:
    """Whether the images shown are a test; false for internal ones that the model was all trained on."""
    return site_images(comparison.run, test).kind == "test"
