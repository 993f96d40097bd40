"""The sites that the page compares."""

from dashboard.queries.labels.members import members
from dashboard.queries.predictions import Predictions
from dashboard.state import Place


def tests(place: Place) -> tuple[Predictions, ...]:
    """The test at home, and the one abroad if the run has an external dataset."""
    return tuple(test for test in (place.test("home"), place.test("abroad")) if test is not None)


def is_test(place: Place, test: Predictions) -> bool:
    """Whether the images shown are a test; false at home for a model that was trained on all of them."""
    return members(place.run, test).kind == "test"
