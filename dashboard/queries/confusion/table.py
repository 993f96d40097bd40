"""The matrices as a table to take along."""

from collections.abc import Iterator, Sequence

from dashboard.queries.confusion.counts import confusion
from dashboard.results.comparison import TestSet
from dashboard.results.runs import RunKey

Row = dict[str, str | float | None]


def rows(run: RunKey, tests: Sequence[TestSet]) -> list[Row]:
    """A row per cell of each test; shares are in [0, 1], and NaN where a class has no images."""
    return [row for test in tests for row in _rows(run, test)]


def _rows(run: RunKey, test: TestSet) -> Iterator[Row]:
    found = confusion(run, test)
    for i, true in enumerate(found.classes):
        for j, predicted in enumerate(found.classes):
            share = found.share(i, j)
            yield {
                "site": test.dataset,
                "label_policy": test.policy,
                "role": test.role,
                "true": true,
                "predicted": predicted,
                "count": found.counts[i][j],
                "images_of_true": share.n,
                "counting_as": share.n_effective,
                "share": share.value,
                "low": share.low,
                "high": share.high,
                "not_estimable": "no" if share.estimable else "yes",
            }
