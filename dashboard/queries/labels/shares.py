"""A share of images with its 95 % interval, where images of the same patient tell less than as many patients would."""

import math

from cxr_core.statistics.intervals import wilson
from dashboard.notation import FEWEST, Estimate

_FEW = 10


def clustered_share(*, part: float, whole: float, squares: tuple[float, float, float], n: int) -> Estimate:
    """A share of what is counted cluster by cluster: patients, or images where patients are not recorded.

    The variance is that of a ratio over clusters; the interval is Wilson's at the number of independent images that
    would have it.

    Args:
        part: Sum over clusters of y, what is counted in each.
        whole: Sum over clusters of m, what it is a share of.
        squares: Sums over clusters of y², y m and m².
        n: Images that it rests on.

    Returns:
        NaN where `whole` is 0.

    Source:
        Cochran, Sampling Techniques (1977), section 3.12, ratio over clusters; Korn and Graubard, Survey Methodology 24
        (1998), Wilson's interval at the effective size.
    """
    if not whole:
        return Estimate(value=math.nan, low=math.nan, high=math.nan, n=n, estimable=False)
    share = part / whole
    interval = wilson(share, n=_effective_size(share, whole=whole, squares=squares))
    return Estimate(value=share, low=interval.low, high=interval.high, n=n, estimable=n >= FEWEST)


def _effective_size(share: float, *, whole: float, squares: tuple[float, float, float]) -> float:
    """Between one for each cluster (as if its images were all alike) and one for each image."""
    part_squares, products, whole_squares = squares
    fewest = whole**2 / whole_squares
    variance = (part_squares - 2 * share * products + share**2 * whole_squares) / whole**2
    if min(share, 1 - share) * fewest < _FEW or variance <= 0:
        return fewest
    return min(max(share * (1 - share) / variance, fewest), whole)
