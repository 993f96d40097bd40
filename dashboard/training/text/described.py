"""The pictures of the training in plain text, for those who do not see them."""

import math
from collections.abc import Sequence

from dashboard.notation import NOT_ESTIMABLE, counted, percent
from dashboard.training.data.losses import TrainingCurve, regimes
from dashboard.training.data.train_test_gap import TrainVersusHeldOut
from dashboard.training.text import names


def losses_described(curves: Sequence[TrainingCurve]) -> str:
    """The picture of the losses, in plain text, for those who do not see it."""
    said = []
    for regime in regimes(curves):
        own = [curve for curve in curves if curve.regime == regime and curve.epochs]
        if not own:
            continue
        train = [curve.train_loss[-1] for curve in own]
        known = [curve.held_out_loss[-1] for curve in own if not math.isnan(curve.held_out_loss[-1])]
        few = any(curve.are_few_held_out for curve in own)
        absent = f"{NOT_ESTIMABLE} on held-out images" if few else "nothing held out"
        new = f"{_span(known)} on held-out images" if known else absent
        said.append(
            f"{regime}, {counted(len(own), 'member')}, after the last epoch: {_span(train)} on training images, {new}"
        )
    return f"Loss by epoch. {'; '.join(said)}."


def train_test_gap_described(rows: Sequence[TrainVersusHeldOut]) -> str:
    """The picture of the train-test gaps, in plain text."""
    return f"Accuracy on training images and on new ones at line. {'; '.join(map(_row_described, rows))}."


def pace_described(curves: Sequence[TrainingCurve]) -> str:
    """The picture of the seconds per epoch, in plain text."""
    times = {
        regime: [s for curve in curves if curve.regime == regime for s in curve.seconds] for regime in regimes(curves)
    }
    said = [f"{regime}: {min(own):.1f} to {max(own):.1f} seconds" for regime, own in times.items() if own]
    return f"Seconds of each epoch. {'; '.join(said)}."


def rates_described(curves: Sequence[TrainingCurve]) -> str:
    """The picture of the learning rates, in plain text."""
    rates = {
        regime: [rate for curve in curves if curve.regime == regime for rate in curve.learning_rate]
        for regime in regimes(curves)
    }
    said = [f"{regime}: {min(own):.2g} to {max(own):.2g}" for regime, own in rates.items() if own]
    return f"Learning rate at the start of each epoch. {'; '.join(said)}."


def _row_described(row: TrainVersusHeldOut) -> str:
    parts = {"training images": row.training, "internal test": row.held_out}
    said = [
        f"{name} {percent(part.value) if part.is_number else NOT_ESTIMABLE}" for name, part in parts.items() if part
    ]
    name = names.model(row) if row.member is None else f"{row.regime}, {names.model(row)}"
    return f"{name}: {', '.join(said)}"


def _span(values: Sequence[float]) -> str:
    low, high = f"{min(values):.2f}", f"{max(values):.2f}"
    return low if low == high else f"{low} to {high}"
