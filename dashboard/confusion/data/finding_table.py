"""The two-by-two tables as a download."""

from collections.abc import Sequence

from dashboard.results.case_filter import OUTCOMES
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row, of_test
from dashboard.results.two_by_two import two_by_twos


def two_by_two_rows(comparison: Comparison, names: Sequence[str]) -> list[Row]:
    """A row a finding and outcome of each test: ``share`` is of those with or without the finding."""
    return [
        {
            **of_test(comparison.run, test),
            "finding": name,
            "threshold": table.threshold,
            "outcome": outcome,
            "count": table.counts[outcome],
            "share": share.value,
            "low": share.low,
            "high": share.high,
            "n": share.n,
            "share_of_flagged": column.value,
            "share_of_flagged_low": column.low,
            "share_of_flagged_high": column.high,
            "n_flagged": column.n,
            "not_estimable": not share.estimable,
        }
        for side, test in comparison.tests.items()
        for name in names
        for table in two_by_twos(comparison, side)
        if table.finding == name
        for outcome in OUTCOMES
        for share, column in [(table.share_of_row(outcome), table.share_of_column(outcome))]
    ]
