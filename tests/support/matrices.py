"""Confusion matrices from their counts, each image of a patient of its own."""

import math
from collections.abc import Sequence

from cxr_core.findings import FINDINGS
from cxr_core.statistics.shares import Sums, of_sums
from dashboard.confusion.data.answer_shares import AnswerShares
from dashboard.confusion.data.counts import Confusion
from dashboard.notation import Estimate, estimate_of


def matrix(
    *rows: Sequence[int],
    classes: Sequence[str] = FINDINGS,
    low: float = math.nan,
    high: float = math.nan,
    has_intervals: bool = False,
) -> Confusion:
    """A matrix whose further rows are empty.

    Args:
        rows: Counts, the answers across.
        classes: Their names.
        low: Of the interval of each share of a row.
        high: Likewise.
        has_intervals: Whether those intervals are Wilson's instead.
    """
    k = len(classes)
    counts = (*map(tuple, rows), *[(0,) * k] * (k - len(rows)))
    shares = [[_share(n, sum(row)) for n in row] for row in counts]
    called = [sum(row[j] for row in counts) for j in range(k)]
    return Confusion(
        classes=tuple(classes),
        counts=counts,
        low=tuple(tuple(each.low for each in row) for row in shares) if has_intervals else ((low,) * k,) * k,
        high=tuple(tuple(each.high for each in row) for row in shares) if has_intervals else ((high,) * k,) * k,
        shares=AnswerShares(
            of_answer=tuple(tuple(_share(n, called[j]) for j, n in enumerate(row)) for row in counts),
            called=tuple(_share(n, sum(called)) for n in called),
            are=tuple(_share(sum(row), sum(called)) for row in counts),
        ),
    )


def _share(part: int, whole: int) -> Estimate:
    sums = Sums(part=part, whole=whole, part_squares=part, products=part, whole_squares=whole)
    return estimate_of(of_sums(sums), n=whole)
