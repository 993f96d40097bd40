"""Which class is taken for which, in one test of one model."""

import math
from dataclasses import dataclass

import streamlit as st

from cxr_core.evaluation.estimates import ESTIMABLE
from cxr_core.metrics.catalogue import predicted_as
from dashboard.notation import Estimate
from dashboard.results.comparison import TestSet
from dashboard.results.images import KEPT
from dashboard.results.runs import RunKey, ask, classes, number

_COUNTS = f"""
    SELECT class, predicted, count(*)
    FROM prediction JOIN reference USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
        AND {KEPT}
    GROUP BY ALL
"""  # noqa: S608 (a constant)

_INTERVALS = """
    SELECT finding, metric, n_positive, low, high FROM metric
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy
        AND task = 'single_class' AND stratum = 'all' AND starts_with(metric, 'predicted_as_') AND low IS NOT NULL
"""

_WORTH = """
    SELECT finding, coalesce(n_positive, n), n_effective FROM metric
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy
        AND task = 'single_class' AND stratum = 'all' AND n_effective IS NOT NULL
        AND (metric = 'accuracy' OR (metric = 'recall' AND finding IS NOT NULL))
"""

_TRAINED_ON = """
    SELECT count(*) > 0 FROM prediction
    WHERE model_id = $model AND dataset = $dataset AND role = 'train'
        AND NOT EXISTS (FROM prediction WHERE model_id = $model AND dataset = $dataset AND role = $role)
"""

Counts = tuple[tuple[int, ...], ...]
Shares = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """Images of one test that have a single class under its policy, by that class and by the model's answer.

    Attributes:
        classes: The run's, k of them.
        counts: Shape k x k: the class down, the answer across, both in the order of `classes`.
        low: Lower end of the 95 % interval of a cell's share of its row; NaN where the run recorded none.
        high: Upper end.
        worth: What the images of each class count as, since several of one patient count as fewer; the last is what
            they count as together. Empty: each counts as one.
    """

    classes: tuple[str, ...]
    counts: Counts
    low: Shares
    high: Shares
    worth: tuple[float, ...] = ()

    @property
    def images(self) -> int:
        """Images in all."""
        return sum(map(sum, self.counts))

    @property
    def is_estimable(self) -> bool:
        """Whether there are enough images for a share of all of them."""
        return (self.worth[-1] if self.worth else self.images) >= ESTIMABLE

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

    def overcalled(self) -> int | None:
        """The class whose answers outnumber its images by most; None if each is answered as often as it is there."""
        excess = [self.called(finding) - self.are(finding) for finding in range(len(self.classes))]
        return excess.index(max(excess)) if max(excess) > 0 else None

    def largest_mistake(self) -> tuple[int, int] | None:
        """The cell off the diagonal with the most images; None where nothing is wrong."""
        cells = [(i, j) for i, row in enumerate(self.counts) for j, n in enumerate(row) if i != j and n]
        return max(cells, key=lambda cell: self.counts[cell[0]][cell[1]], default=None)


@st.cache_data(max_entries=64, show_spinner=False)
def confusion(run: RunKey, test: TestSet) -> Confusion:
    """What a model takes for what in a test; all zeros if it has no such test."""
    named = classes(run)
    counts = [[0] * len(named) for _ in named]
    for true, predicted, n in ask(run, _COUNTS, test.parameters()):
        counts[int(number(true))][int(number(predicted))] = int(number(n))
    images = [sum(row) for row in counts]
    low, high = _intervals(run, test, images=images)
    return Confusion(
        classes=named, counts=tuple(map(tuple, counts)), low=low, high=high, worth=_worth(run, test, images=images)
    )


@st.cache_data(max_entries=64, show_spinner=False)
def was_trained_on(run: RunKey, test: TestSet) -> bool:
    """Whether a model has no such test because the dataset's images are those that it was trained on."""
    parameters = {"model": test.model, "dataset": test.dataset, "role": test.role}
    ((trained_on,),) = ask(run, _TRAINED_ON, parameters)
    return bool(trained_on)


def _intervals(run: RunKey, test: TestSet, *, images: list[int]) -> tuple[Shares, Shares]:
    named = classes(run)
    places = {finding: index for index, finding in enumerate(named)}
    answers = {metric: index for index, metric in enumerate(predicted_as(named))}
    low, high = ([[math.nan] * len(named) for _ in named] for _ in range(2))
    for finding, metric, n_positive, lower, upper in ask(run, _INTERVALS, test.parameters()):
        if finding not in places or metric not in answers:
            continue
        true, predicted = places[str(finding)], answers[str(metric)]
        n = images[true]
        if n and n_positive == n:
            low[true][predicted], high[true][predicted] = number(lower) / n, number(upper) / n
    return tuple(map(tuple, low)), tuple(map(tuple, high))


def _worth(run: RunKey, test: TestSet, *, images: list[int]) -> tuple[float, ...]:
    """As the run recorded it of these very images; else each counts as one."""
    named, worth = classes(run), [*map(float, images), float(sum(images))]
    for finding, n, n_effective in ask(run, _WORTH, test.parameters()):
        place = len(named) if finding is None else named.index(str(finding)) if finding in named else None
        if place is not None and n == (*images, sum(images))[place]:
            worth[place] = number(n_effective)
    return tuple(worth)
