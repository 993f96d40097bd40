"""The record of a metric: what it is called, what it is computed from, what it rests on, how it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cxr_core.metrics.ranking import Areas
from cxr_core.metrics.variance import Variance

Values = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.floating]

Task = Literal["single_class", "finding"]
TASKS: Mapping[Task, str] = {
    "single_class": "images with exactly one class",
    "finding": "every image where presence is known",
}
"""The tasks, and which images each is about."""

Scope = Literal["overall", "macro", "no_skill", "class", "count"]
"""What a metric is a number of. ``overall``: all images together; ``class``: one of each class; ``macro``: the mean of
those; ``no_skill``: an accuracy without a look at any image; ``count``: one of each class and each predicted class."""

RestsOn = Literal["images", "of_class", "of_others", "predicted", "not_predicted", "rarer", "least"]
RESTS_ON: Mapping[RestsOn, str] = {
    "images": "all images",
    "of_class": "the images with the finding",
    "of_others": "the images without the finding",
    "predicted": "the images predicted as the class",
    "not_predicted": "the images not predicted as the class",
    "rarer": "the fewer of the images with and without the finding",
    "least": "what that class rests on which rests on the least",
}
"""Which images count for a metric: where they are few it is no more than an anecdote, however many the others are."""

Baseline = Literal["no_skill_best_constant", "one_over_classes", "half", "prevalence"]
"""What takes no skill to reach: a metric that is stored, 1 over the number of classes, 0.5, or the share of images
that have the finding."""


@dataclass(frozen=True, kw_only=True)
class FromCounts:
    """Computed from confusion counts.

    Attributes:
        values: From counts of shape ``(..., k, k)`` to values ``(..., k)``, or ``(...)`` of all classes together.
        grows_with_overlap: Whether it is 2 s / (1 + s) of the share s = TP / (TP + FP + FN), and takes its interval
            from that of s.
    """

    values: Callable[[Values], Values]
    grows_with_overlap: bool = False


@dataclass(frozen=True, kw_only=True)
class FromRanking:
    """Computed from how scores rank the images with a finding above the others.

    Attributes:
        value: From the areas under the class's curves to the value in [0, 1], shape ``(r,)``; NaN where undefined.
        influence: From presence and scores, both of shape ``(n,)``, to what each image does to it, shape ``(n,)``.
        variance: From the numbers of positives and of negatives to its variance.
    """

    value: Callable[[Areas], Values]
    influence: Callable[[Bools, Scores], Values]
    variance: Callable[[int, int], Variance]


@dataclass(frozen=True, kw_only=True)
class FromMix:
    """Computed from how the classes are mixed.

    Attributes:
        values: From the mix of the tested images, ``(..., k)``, and of the training images, ``(k,)``, to ``(...)``.
        is_convex: Whether a replicate can only raise it, being less evenly mixed than the sample. The percentiles then
            lie above the value, and it has no interval.
    """

    values: Callable[[Values, Values], Values]
    is_convex: bool = False


@dataclass(frozen=True, kw_only=True)
class MeanOf:
    """The plain mean of another metric over the classes with enough images; of scope ``overall``, over those with any.

    Attributes:
        metric: Its name.
    """

    metric: str


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric.

    Attributes:
        name: Snake case, as stored.
        label: What it is called within a sentence.
        scope: What it is a number of.
        tasks: Where it is measured without a threshold; none: nowhere.
        at_threshold: Where it is measured at an operating point: of each finding, whatever the scope, from counts of
            what is flagged against what is present.
        formula: Plain text.
        source: What it is computed from; None: it is counted.
        rests_on: Which images count for it.
        is_proportion: Whether it is a share of those images: few successes or failures then take Wilson's interval.
        baseline: What takes no skill to reach; None: nothing that could be said of it alone.
        mean_baseline: The same for its mean over classes.
        how_to_read: One sentence.
    """

    name: str
    label: str
    scope: Scope
    tasks: tuple[Task, ...] = ("single_class",)
    at_threshold: tuple[Task, ...] = ()
    formula: str
    source: FromCounts | FromRanking | FromMix | MeanOf | None
    rests_on: RestsOn
    is_proportion: bool = False
    baseline: Baseline | None = None
    mean_baseline: Baseline | None = None
    how_to_read: str

    def __post_init__(self) -> None:
        if (self.rests_on == "least") != isinstance(self.source, MeanOf):
            raise ValueError(f"{self.name}: a mean over classes, and nothing else, rests on the least of its classes.")
        if self.at_threshold and not isinstance(self.source, FromCounts | MeanOf):
            raise ValueError(f"{self.name}: at an operating point there are counts alone, found {self.source}.")
        if isinstance(self.source, FromRanking) and self.rests_on in ("predicted", "not_predicted"):
            raise ValueError(f"{self.name}: a ranking predicts no class, so that it cannot rest on {self.rests_on!r}.")
        if self.is_proportion and self.rests_on in ("rarer", "least"):
            raise ValueError(f"{self.name}: a share is one of images of one kind, found {self.rests_on!r}.")

    @property
    def has_gap(self) -> bool:
        """Whether it is compared from site to site: counts are not, nor is what takes no skill."""
        return self.scope in ("overall", "macro", "class")

    @property
    def mean_of(self) -> str | None:
        """The metric that it is the mean of over classes, if it is one."""
        return self.source.metric if isinstance(self.source, MeanOf) else None

    def kinds(self, *, present: Bools, predicted: Bools | None = None) -> tuple[Bools, ...]:
        """The kinds of images that count for it: it rests on the one that has the fewest.

        Args:
            present: Which images have the finding, shape ``(n,)``.
            predicted: Which are predicted as the class, the same; None: that is not asked.

        Returns:
            Masks of shape ``(n,)``.
        """
        known = {
            "images": (np.ones_like(present),),
            "of_class": (present,),
            "of_others": (~present,),
            "rarer": (present, ~present),
        }
        if predicted is not None:
            known |= {"predicted": (predicted,), "not_predicted": (~predicted,)}
        return known[self.rests_on]
