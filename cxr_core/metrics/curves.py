"""ROC and precision-recall curves, exact at every point."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

LEVELS = 130
"""Evenly spaced shares, on each of three axes, at which a thinned curve keeps a point."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What each threshold gives, from the highest down; t thresholds, the first of which calls nothing positive.

    Attributes:
        threshold: Scores at or above it are called positive, shape ``(t,)``, falling; infinity at first.
        recall: Share of the positives called positive, TP / (TP + FN), shape ``(t,)``, rising from 0 to 1.
        false_alarms: Share of the negatives called positive, FP / (FP + TN), shape ``(t,)``, rising from 0 to 1.
        precision: Share of those called positive that are, TP / (TP + FP), shape ``(t,)``; NaN at first.
        positives: Images with the class.
        n: Images that count.
    """

    threshold: Values
    recall: Values
    false_alarms: Values
    precision: Values
    positives: int
    n: int

    def thinned(self, *, levels: int = LEVELS) -> "Curve":
        """The same curve at fewer of its thresholds, each with its exact shares: nothing is interpolated.

        Points are kept where recall, false alarms or the share called positive reach evenly spaced levels, and at both
        ends, so that no gap on the way is wider than what one threshold adds to that spacing.

        Args:
            levels: How many levels; a curve of at most three times as many points is left as it is.
        """
        # Whole numbers again: shares of the same images fall on the same side of a level.
        called = np.rint(self.recall * self.positives + self.false_alarms * (self.n - self.positives)) / self.n
        rising = [share[1:] for share in (self.recall, self.false_alarms, called)]
        kept = np.append(0, 1 + _places(rising, levels=levels))
        return Curve(
            threshold=self.threshold[kept],
            recall=self.recall[kept],
            false_alarms=self.false_alarms[kept],
            precision=self.precision[kept],
            positives=self.positives,
            n=self.n,
        )

    def place(self, threshold: float) -> int:
        """Where a threshold stands: the lowest point of the curve that calls nothing below it positive.

        Args:
            threshold: Scores at or above it are called positive.

        Returns:
            An index of the arrays; 0, where nothing is called positive, above all scores.
        """
        return int(np.searchsorted(-self.threshold, -threshold, side="right")) - 1


def curve(present: npt.NDArray[np.bool_], scores: npt.NDArray[np.floating]) -> Curve | None:
    """The curve of one class, with a point for each score that occurs: tied scores share one threshold.

    Args:
        present: Reference standard, shape ``(n,)``.
        scores: Shape ``(n,)``, higher where the class is more likely, in any order; any finite numbers.

    Returns:
        The curve; None without positives or without negatives, where recall or false alarms are undefined.

    Raises:
        ValueError: If the shapes differ or a score is not finite.

    Source:
        Fawcett, An introduction to ROC analysis, Pattern Recognition Letters 27 (2006), algorithm 1.

    >>> found = curve(np.array([True, False, True]), np.array([0.9, 0.5, 0.1]))
    >>> found.recall, found.false_alarms
    (array([0. , 0.5, 0.5, 1. ]), array([0., 0., 1., 1.]))
    """
    if present.shape != scores.shape:
        raise ValueError(f"Expected a score for each image, found shapes {scores.shape} and {present.shape}.")
    if not np.isfinite(scores).all():
        raise ValueError("Expected finite scores, found NaN or infinity: leave out images that have no score.")
    positives, n = int(present.sum()), present.size
    if positives in (0, n):
        return None
    order = np.argsort(-scores, kind="stable")
    falling = scores[order].astype(np.float64)
    last_of_tie = np.flatnonzero(np.diff(falling, append=-np.inf))
    called = last_of_tie + 1.0
    hits = np.cumsum(present[order])[last_of_tie].astype(np.float64)
    return Curve(
        threshold=np.append(np.inf, falling[last_of_tie]),
        recall=np.append(0.0, hits / positives),
        false_alarms=np.append(0.0, (called - hits) / (n - positives)),
        precision=np.append(np.nan, hits / called),
        positives=positives,
        n=n,
    )


def _places(rising: list[Values], *, levels: int) -> npt.NDArray[np.int64]:
    """Places that are evenly spaced on each of several rising shares, and both ends."""
    size = rising[0].size
    if size <= 3 * levels:
        return np.arange(size)
    wanted = np.linspace(0, 1, levels)
    places = [np.searchsorted(share, wanted).clip(0, size - 1) for share in rising]
    return np.unique(np.concatenate([[0, size - 1], *places])).astype(np.int64)
