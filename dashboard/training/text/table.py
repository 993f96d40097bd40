"""The table of the models: names, counts and train-test gaps."""

from dashboard.notation import NOT_ESTIMABLE, Estimate, bracket, points
from dashboard.text.cells import small
from dashboard.training.data.train_test_gap import TrainVersusHeldOut
from dashboard.training.text.names import model


def name(row: TrainVersusHeldOut) -> str:
    """``split, ensemble``, ``split, member 1``."""
    return model(row) if row.member is None else f"{row.regime}, {model(row)}"


def counted(estimate: Estimate | None) -> str:
    """``n = 1,044``; empty where there is no estimate, or where it names its images itself."""
    return "" if estimate is None or not estimate.is_number else f"n = {estimate.n:,}"


def train_test_gap(row: TrainVersusHeldOut) -> str:
    """The train-test gap in points; in words where that is no number."""
    if row.gap.is_number:
        return f"**{points(row.gap.value)}** {small(bracket(row.gap))}".strip()
    return small("not known" if row.held_out is None else NOT_ESTIMABLE)
