"""The answers of a test by how sure they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.queries.performance.sides import SIDES
from dashboard.results.comparison import TestSet
from dashboard.results.images import KEPT
from dashboard.results.runs import RunKey, Value, ask, number
from dashboard.results.side import Side

ANSWERS = f"""
    WITH answer AS (
        SELECT probability[predicted + 1]::DOUBLE AS confidence, predicted = class AS is_right
        FROM prediction JOIN reference USING (dataset, image_id)
        WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
            AND {KEPT}
    )
"""  # noqa: S608 (a constant)
"""Begins a query: the highest probability of each image with a single class, and whether the answer is right."""

_HISTOGRAM = f"""
    {ANSWERS}
    SELECT least(floor(confidence * $bins), $bins - 1)::INTEGER AS bin, count(*), count(*) FILTER (is_right),
        sum(confidence)
    FROM answer GROUP BY bin ORDER BY bin
"""  # noqa: S608 (put together from constants)

_EFFECTIVE = f"""
    SELECT sum(m) * sum(m) / sum(m * m) FROM (
        SELECT count(*)::DOUBLE AS m
        FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id)
        WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
            AND {KEPT}
        GROUP BY coalesce(patient_id, image_id)
    )
"""  # noqa: S608 (a constant)


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Images of about the same confidence.

    Attributes:
        low: Where the bin begins, in [0, 1].
        high: Where it ends.
        n: Images in it.
        right: How many of them are right.
        confidence: Their mean confidence; NaN without images.
    """

    low: float
    high: float
    n: int
    right: int
    confidence: float

    @property
    def accuracy(self) -> float:
        """Share that is right; NaN without images."""
        return self.right / self.n if self.n else float("nan")


def histogram(run: RunKey, test: TestSet, *, bins: int) -> tuple[Bin, ...]:
    """Bins of equal width from 0 to 1, empty ones too; each holds its lower end, the last one both."""
    rows = {int(number(row[0])): row for row in ask(run, _HISTOGRAM, {**test.parameters(), "bins": bins})}
    empty = (0, 0, 0, None)
    return tuple(as_bin(rows.get(i, empty), low=i / bins, high=(i + 1) / bins) for i in range(bins))


def effective(run: RunKey, test: TestSet) -> float:
    """How many independent images those of a test tell as much as: (sum of m)² / sum of m² over patients; NaN: none."""
    ((found,),) = ask(run, _EFFECTIVE, test.parameters())
    return number(found)


def as_bin(row: tuple[Value, ...], *, low: float, high: float) -> Bin:
    """A bin from a row: anything, images, how many are right, the sum of their confidence."""
    n = int(number(row[1]))
    mean = number(row[3]) / n if n else float("nan")
    return Bin(low=low, high=high, n=n, right=int(number(row[2])), confidence=mean)


def csv_rows(tests: Mapping[Side, Sequence[Bin]]) -> list[dict[str, str | int | float | None]]:
    """The bins as a table to take along.

    Args:
        tests: The bins of each test.
    """
    return [
        {
            "test": SIDES[side],
            "from": each.low,
            "to": each.high,
            "images": each.n,
            "right": each.right,
            "accuracy": each.accuracy,
            "mean confidence": each.confidence,
        }
        for side, bins in tests.items()
        for each in bins
    ]
