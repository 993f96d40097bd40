"""The axis that losses are drawn on: where the frame ends, and how far up a loss lies in it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.training.data.losses import TrainingCurve

_SPIKES = 2.0
"""Losses above so many times the loss without skill leave the frame, marked at its edge: one would flatten the rest."""

_LEAST = 1e-4
"""No lower end of a logarithmic axis; a loss of 0 is drawn there."""

_ROOM = 1.15

_FEW_DECADES = 4


@dataclass(frozen=True, kw_only=True)
class LossAxis:
    """The common vertical axis of the panels.

    Attributes:
        bottom: The loss at the lower end: 0, or above 0 where it is logarithmic.
        top: The loss at the upper end.
        is_log: Whether it is logarithmic.
    """

    bottom: float
    top: float
    is_log: bool

    def height(self, loss: float) -> float:
        """How far up a loss lies, from 0 to 1; one outside the frame lies at its edge."""
        inside = min(max(loss, self.bottom), self.top)
        if self.is_log:
            return math.log(inside / self.bottom) / math.log(self.top / self.bottom)
        return inside / self.top

    def layout(self) -> dict[str, object]:
        """The axis as Plotly takes it."""
        if self.is_log:
            ends = [math.log10(self.bottom), math.log10(self.top)]
            ticks = _log_ticks(self.bottom, self.top)
            return {"type": "log", "range": ends, "tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}
        return {"range": [0, self.top], "dtick": _step(self.top)}


def loss_axis(curves: Sequence[TrainingCurve], no_skill: Mapping[str, float], *, is_log: bool) -> LossAxis:
    """An axis for all losses of some members; a linear one ends at twice the loss without skill.

    Args:
        curves: The members.
        no_skill: From regime to the loss of an answer without a look at the image; NaN where that is not known.
        is_log: Whether it is logarithmic: that one holds every loss.
    """
    losses = [loss for curve in curves for loss in (*curve.train_loss, *curve.held_out_loss) if not math.isnan(loss)]
    floors = [loss for loss in no_skill.values() if not math.isnan(loss)]
    if is_log:
        drawn = [loss for loss in (*losses, *floors) if loss >= _LEAST] or [1.0]
        return LossAxis(bottom=min(drawn) / _ROOM, top=max(drawn) * _ROOM, is_log=True)
    highest = 1.05 * max(losses, default=1.0)
    if not floors:
        return LossAxis(bottom=0.0, top=highest, is_log=False)
    return LossAxis(bottom=0.0, top=min(max(highest, _ROOM * max(floors)), _SPIKES * max(floors)), is_log=False)


def _log_ticks(bottom: float, top: float) -> list[float]:
    """Of 0.1, 0.2, 0.5, 1 ... those inside; over many decades only 0.1, 1, 10 ..."""
    decades = range(math.floor(math.log10(bottom)), math.ceil(math.log10(top)) + 1)
    parts = (1, 2, 5) if len(decades) <= _FEW_DECADES else (1,)
    return [tick for decade in decades for part in parts if bottom <= (tick := part * 10.0**decade) <= top]


def _step(top: float) -> float:
    return next((step for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0) if top / step <= 6), top)
