"""The matrices as a download."""

from collections.abc import Iterable, Iterator

from dashboard.confusion.data.counts import confusion
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import CsvRow
from dashboard.results.side import Side


def to_csv_rows(comparison: Comparison, sides: Iterable[Side]) -> list[CsvRow]:
    """A row per cell of each test; shares are in [0, 1], and NaN where a class has no images."""
    return [row for side in sides for row in _rows(comparison, side)]


def _rows(comparison: Comparison, side: Side) -> Iterator[CsvRow]:
    test, matrix = comparison.tests[side], confusion(comparison, side)
    for i, true in enumerate(matrix.classes):
        for j, predicted in enumerate(matrix.classes):
            share = matrix.share(i, j)
            yield {
                "site": test.dataset,
                "label_policy": test.policy,
                "role": test.role,
                "true": true,
                "predicted": predicted,
                "count": matrix.counts[i][j],
                "images_of_true": share.n,
                "counting_as": share.n_effective,
                "share": share.value,
                "low": share.low,
                "high": share.high,
                "not_estimable": "no" if share.estimable else "yes",
            }
