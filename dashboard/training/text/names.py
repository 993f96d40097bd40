"""Members, durations and parts in words."""

from collections.abc import Sequence

from dashboard import words
from dashboard.notation import counted
from dashboard.training.data.losses import TrainingCurve
from dashboard.training.data.train_test_gap import TrainVersusHeldOut
from dashboard.training.data.training_sets import Range, TrainingSet

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86_400

_REGIMES = {"split": ": trained on a part, the rest held out", "full": ": trained on all images"}


def member(curve: TrainingCurve) -> str:
    """``split, member 1`` or ``split, fold 2, member 1``."""
    return f"{curve.regime}, {_numbered(curve.fold, curve.member)}"


def model(row: TrainVersusHeldOut) -> str:
    """``split, ensemble``; one of its members, below it: ``member 1`` or ``fold 2, member 1``."""
    return words.model(row.regime) if row.member is None else _numbered(row.fold, row.member)


def seconds(duration: float) -> str:
    """``3.2 seconds``, ``40 seconds``, ``12 minutes``, ``3.5 hours``, ``2.1 days``: rounded as one would say it."""
    if duration < 10:
        return f"{duration:.1f} seconds"
    if round(duration) < 2 * MINUTE_S:
        return f"{duration:.0f} seconds"
    if round(duration / MINUTE_S) < 2 * HOUR_S / MINUTE_S:
        return f"{duration / MINUTE_S:.0f} minutes"
    return f"{duration / HOUR_S:.1f} hours" if duration < 2 * DAY_S else f"{duration / DAY_S:.1f} days"


def panel(regime: str, training_set: TrainingSet | None) -> str:
    """What stands above a regime's picture: ``split: trained on 1,044 images, 341 held out``."""
    if training_set is None or training_set.training is None:
        return f"<b>{regime}</b>{_REGIMES.get(regime, '')}"
    held_out = "nothing held out" if training_set.held_out is None else f"{_ranged(training_set.held_out)} held out"
    return f"<b>{regime}</b>: trained on {images(training_set.training)}, {held_out}"


def panels(regimes: Sequence[str], training_sets: Sequence[TrainingSet]) -> dict[str, str]:
    """From each regime to what stands above its picture."""
    known = {training_set.regime: training_set for training_set in training_sets}
    return {regime: panel(regime, known.get(regime)) for regime in regimes}


def source(training_set: TrainingSet, *, site: str) -> str:
    """``split: trained on VinBigData, most-marked class, n = 1,044, held out n = 341``: below a picture."""
    counts = [
        f"{what}n = {_ranged(count)}"
        for what, count in (("", training_set.training), ("held out ", training_set.held_out))
        if count is not None
    ]
    return ", ".join((f"{training_set.regime}: trained on {site}", words.policy(training_set.policy), *counts))


def images(count: Range) -> str:
    """``1,044 images``, or ``1,040 to 1,044 images`` where members differ."""
    return counted(count[0], "image") if count[0] == count[1] else f"{_ranged(count)} images"


def _ranged(count: Range) -> str:
    low, high = count
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _numbered(fold: int | None, number: int) -> str:
    return f"member {number + 1}" if fold is None else f"fold {fold + 1}, member {number + 1}"
