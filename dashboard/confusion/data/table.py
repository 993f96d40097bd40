"""The matrices as a download."""

from collections.abc import Iterable, Iterator

from dashboard.confusion.data.counts import confusion
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row, of_test
from dashboard.results.side import Side


def matrix_rows(comparison: Comparison, sides: Iterable[Side]) -> list[Row]:
    """A row per cell of each test: ``share`` is of the n images of the class, ``share_of_predicted`` of a column."""
    return [row for side in sides for row in _rows(comparison, side)]


def _rows(comparison: Comparison, side: Side) -> Iterator[Row]:
    test, matrix = comparison.tests[side], confusion(comparison, side)
    for i, true in enumerate(matrix.classes):
        for j, predicted in enumerate(matrix.classes):
            share, of_predicted = matrix.share(i, j), matrix.share_of_answer(i, j)
            yield {
                **of_test(comparison.run, test),
                "class": true,
                "predicted": predicted,
                "count": matrix.counts[i][j],
                "share": share.value,
                "low": share.low,
                "high": share.high,
                "n": share.n,
                "n_effective": share.n_effective,
                "not_estimable": not share.estimable,
                "share_of_predicted": of_predicted.value,
                "share_of_predicted_low": of_predicted.low,
                "share_of_predicted_high": of_predicted.high,
                "n_predicted": of_predicted.n,
            }
