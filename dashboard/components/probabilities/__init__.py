"""The probabilities of the classes as bars: a bar for the ensemble, a tick for each member."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.components.load import load
from dashboard.notation import MANY, probability

Mark = Literal["right", "wrong", "plain", "training", "none"]
"""``plain``: worth naming, neither right nor wrong. ``training``: of a training image. ``none``: any other class."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One class.

    Attributes:
        finding: Its name.
        probability: Of the ensemble, in [0, 1]; NaN: it says nothing of the class.
        members: Of each member, likewise.
        said: What the class is for this image, such as ``predicted``; empty for nothing.
        mark: How it is coloured; ``right`` and ``wrong`` stand before what is said as a check mark and a cross.
        threshold: From where up the class is flagged; NaN: at none.
        flag: What stands in place of the probability; empty for that.
    """

    finding: str
    probability: float
    members: tuple[float, ...]
    said: str
    mark: Mark
    threshold: float = math.nan
    flag: str = ""

    @property
    def written(self) -> str:
        """What stands behind the bar."""
        return self.flag or probability(self.probability)


def probabilities(
    bars: Sequence[Bar], *, members: Sequence[str], right: str, wrong: str, plain: str, training: str
) -> None:
    """Draws the bars on one axis from 0 to 100 %.

    Args:
        bars: In class order.
        members: Their names, in the order of each bar's members.
        right: The colour of a right answer, ``#RRGGBB``, as the others.
        wrong: Of a wrong one.
        plain: Of a class that is neither.
        training: Of the answer for a training image.
    """
    load(__name__, html='<div class="bars" role="list"></div>', shared=("element",))(
        key="probabilities",
        data={
            "bars": [
                {
                    "finding": bar.finding,
                    "share": _drawn(bar.probability),
                    "written": bar.written,
                    "threshold": None if math.isnan(bar.threshold) else bar.threshold,
                    "said": bar.said,
                    "mark": bar.mark,
                    "ticks": [
                        {"share": share, "said": f"{name}: {probability(share)}"}
                        for name, share in zip(members, bar.members, strict=True)
                        if not math.isnan(share)
                    ],
                }
                for bar in bars
            ],
            "dense": len(bars) > MANY,
            "colours": {"right": right, "wrong": wrong, "plain": plain, "training": training},
        },
    )


def _drawn(share: float) -> float:
    """How long a bar is; without a number there is none."""
    return 0.0 if math.isnan(share) else share
