"""One finding at a second site: whether its ranking is lost, or only its threshold."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cxr_core.statistics.intervals import Interval

Ranking = Literal["lost", "slightly lost", "kept", "undecided"]
Threshold = Literal["lost", "kept", "undecided"]

_SMALL_AUROC = 0.05
_SMALL_J = 0.05


@dataclass(frozen=True, kw_only=True)
class YoudenTerms:
    """What a finding loses in sensitivity + specificity - 1 by the rule ``youden``, shape ``(1 + r,)`` each.

    Attributes:
        gap: Internal minus external at the internal site's threshold.
        thresholds: What a threshold chosen at the external site wins back.
        ranking: What it does not: the two add up to the gap.
    """

    gap: npt.NDArray[np.float64]
    thresholds: npt.NDArray[np.float64]
    ranking: npt.NDArray[np.float64]


def youden_terms(
    *,
    internal: npt.NDArray[np.float64],
    carried: npt.NDArray[np.float64],
    local: npt.NDArray[np.float64],
) -> YoudenTerms:
    """Takes a finding's loss apart. Only the rule ``youden`` maximises what is taken apart here.

    Args:
        internal: J at the internal site, shape ``(1 + r,)``: the value, then the replicates.
        carried: J at the external site with the internal site's threshold.
        local: J at the external site with a threshold chosen there on other patients.
    """
    return YoudenTerms(gap=internal - carried, thresholds=local - carried, ranking=internal - local)


def ranking(lost: Interval) -> Ranking:
    """The verdict on the ranking.

    Args:
        lost: The interval of AUROC internal minus external.

    Returns:
        ``undecided`` too where there is no interval.
    """
    if lost.low > 0:
        return "slightly lost" if lost.high < _SMALL_AUROC else "lost"
    return "kept" if lost.high < _SMALL_AUROC else "undecided"


def threshold(lost: float, interval: Interval) -> Threshold:
    """The verdict on the threshold.

    Args:
        lost: The term `YoudenTerms.thresholds`.
        interval: Its interval.

    Returns:
        ``undecided`` too where there is no interval.
    """
    if interval.low > 0 and lost >= _SMALL_J:
        return "lost"
    return "kept" if interval.high < 2 * _SMALL_J else "undecided"
