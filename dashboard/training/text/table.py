"""The table of the models: names, counts and what was memorized."""

import math

from dashboard.notation import NOT_ESTIMABLE, Estimate, points
from dashboard.training.data.memorization import TrainVersusHeldOut
from dashboard.training.text.names import model


def name(row: TrainVersusHeldOut) -> str:
    """``split, ensemble``, ``split, member 1``."""
    return model(row) if row.member is None else f"{row.regime}, {model(row)}"


def counted(estimate: Estimate | None) -> str:
    """``n = 1,044``; empty where there is no estimate, or where it names its images itself."""
    return "" if estimate is None or not estimate.is_number else f"n = {estimate.n:,}"


def memorized(row: TrainVersusHeldOut) -> str:
    """What was memorized, in points; in words where that is no number."""
    if not math.isnan(row.memorized):
        return f"**{points(row.memorized)}**"
    return ":gray[:small[not known]]" if row.held_out is None else f":gray[:small[{NOT_ESTIMABLE}]]"
