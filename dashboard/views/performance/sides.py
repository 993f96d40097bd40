"""The tests of a place, home before abroad."""

from dashboard.queries.predictions import Predictions, Side
from dashboard.state import Place

_SIDES: tuple[Side, ...] = ("home", "abroad")


def tests(place: Place) -> dict[Side, Predictions]:
    """The test at home, which always exists though it may hold no images, and the one abroad if the run has one."""
    return {side: test for side in _SIDES if (test := place.test(side)) is not None}
