"""Counts of true by predicted classes, in one test of one model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from cxr_core.evaluation.estimates import ESTIMABLE
from cxr_core.metrics.catalogue import predicted_as
from dashboard.confusion.data.answer_shares import AnswerShares, answer_shares
from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.database import ask, number
from dashboard.results.images import ANSWERED, KEPT
from dashboard.results.metrics import Number, numbers
from dashboard.results.runs import classes
from dashboard.results.side import Side

_COUNTS = f"""
    SELECT class, predicted, count(*)
    FROM prediction JOIN reference USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
        AND {KEPT} AND {ANSWERED}
    GROUP BY ALL
"""  # noqa: S608 (a constant)

Counts = tuple[tuple[int, ...], ...]
Shares = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """Images of one test that have a single class under its policy and a single answer, by class and by answer.

    Attributes:
        classes: The run's, k of them.
        counts: Shape k x k: the class down, the answer across, both in the order of `classes`.
        low: Lower end of the 95 % interval of a cell's share of its row; NaN where the run recorded none.
        high: Upper end.
        worth: What the images of each class count as, since several of one patient count as fewer. Empty: each counts
            as one.
        noun: What is counted: ``image``, or ``study``.
        shares: Of each column and of all images, with their intervals.
    """

    classes: tuple[str, ...]
    counts: Counts
    low: Shares
    high: Shares
    shares: AnswerShares
    worth: tuple[float, ...] = ()
    noun: str = "image"

    @property
    def images(self) -> int:
        """Images in all."""
        return sum(map(sum, self.counts))

    def are(self, finding: int) -> int:
        """Images of a class."""
        return sum(self.counts[finding])

    def called(self, finding: int) -> int:
        """Images that the model gives to a class."""
        return sum(row[finding] for row in self.counts)

    def share(self, true: int, predicted: int) -> Estimate:
        """A cell's share of its row; NaN where the row has no images."""
        n = self.are(true)
        worth = self.worth[true] if self.worth else float(n)
        return Estimate(
            value=self.counts[true][predicted] / n if n else math.nan,
            low=self.low[true][predicted],
            high=self.high[true][predicted],
            n=n,
            n_effective=worth,
            estimable=worth >= ESTIMABLE,
        )

    def share_of_answer(self, true: int, predicted: int) -> Estimate:
        """A cell's share of its column; NaN where no image has the answer."""
        return self.shares.of_answer[true][predicted]

    def overcalled(self) -> int | None:
        """The class whose answers outnumber its images by most; None if each is answered as often as it is there."""
        excess = [self.called(finding) - self.are(finding) for finding in range(len(self.classes))]
        return excess.index(max(excess)) if max(excess) > 0 else None

    def largest_mistake(self) -> tuple[int, int] | None:
        """The cell off the diagonal with the most images; None where nothing is wrong."""
        cells = [(i, j) for i, row in enumerate(self.counts) for j, n in enumerate(row) if i != j and n]
        return max(cells, key=lambda cell: self.counts[cell[0]][cell[1]], default=None)


@st.cache_data(max_entries=64, show_spinner=False)
def confusion(comparison: Comparison, side: Side) -> Confusion:
    """What a model takes for what in a test that the run has; all zeros if the model was not tested there."""
    test, named = comparison.tests[side], classes(comparison.run)
    counts = [[0] * len(named) for _ in named]
    for true, predicted, n in ask(comparison.run, _COUNTS, test.parameters()):
        counts[int(number(true))][int(number(predicted))] = int(number(n))
    metrics = ("recall", *predicted_as(named))
    recorded = numbers(replace(comparison, model=test.model), metrics=metrics)
    recorded = tuple(row for row in recorded if row.kind == side.role)
    images = [sum(row) for row in counts]
    low, high = _intervals(recorded, named, images=images)
    worth = _worth(recorded, named, images=images)
    return Confusion(
        classes=named,
        counts=tuple(map(tuple, counts)),
        low=low,
        high=high,
        shares=answer_shares(comparison.run, test, classes=len(named)),
        worth=worth,
        noun=test.noun,
    )


def _intervals(rows: Sequence[Number], named: Sequence[str], *, images: Sequence[int]) -> tuple[Shares, Shares]:
    places = {finding: index for index, finding in enumerate(named)}
    answers = {metric: index for index, metric in enumerate(predicted_as(named))}
    low, high = ([[math.nan] * len(named) for _ in named] for _ in range(2))
    for row in rows:
        if row.finding in places and row.metric in answers:
            true, predicted, n = places[row.finding], answers[row.metric], row.images
            if n and n == images[true]:
                low[true][predicted], high[true][predicted] = row.estimate.low / n, row.estimate.high / n
    return tuple(map(tuple, low)), tuple(map(tuple, high))


def _worth(rows: Sequence[Number], named: Sequence[str], *, images: Sequence[int]) -> tuple[float, ...]:
    """As the run recorded it of these very images; else each counts as one."""
    recorded = {
        (row.finding, row.images): row.estimate.n_effective
        for row in rows
        if row.metric == "recall" and not math.isnan(row.estimate.n_effective)
    }
    return tuple(recorded.get((finding, n), float(n)) for finding, n in zip(named, images, strict=True))
