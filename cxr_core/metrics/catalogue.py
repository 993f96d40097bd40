"""Every metric that is stored, one record each; evaluation, gaps, pages and downloads read them here.

A new metric is a formula in this folder and a record in `WRITTEN`. Its interval, its mean over classes and its gap
follow from the record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from cxr_core.metrics import baselines, confusion, influence, variance
from cxr_core.metrics.names import snake_case
from cxr_core.metrics.record import FromCounts, FromMix, FromRanking, MeanOf, Metric, Scope, Task

COUNT = "predicted_as"
"""The record of confusion counts. As they are stored, a class's name follows: see `predicted_as`."""

WRITTEN: tuple[Metric, ...] = (
    Metric(
        name="accuracy",
        label="accuracy",
        scope="overall",
        at_threshold=("finding",),
        formula="images predicted as their class / images",
        source=FromCounts(values=confusion.accuracy),
        rests_on="images",
        is_proportion=True,
        baseline="no_skill_best_constant",
        how_to_read="Of all images, how many are predicted as what they are; the frequent classes decide it.",
    ),
    Metric(
        name="balanced_accuracy",
        label="balanced accuracy",
        scope="overall",
        formula="mean of recall over the classes that have images",
        source=MeanOf(metric="recall"),
        rests_on="least",
        baseline="one_over_classes",
        how_to_read="The plain mean of recall over all classes that have images, however few.",
    ),
    Metric(
        name="no_skill_uniform",
        label="any class at random",
        scope="no_skill",
        formula="1 / k",
        source=FromMix(values=lambda test, _: baselines.uniform(test)),
        rests_on="images",
        how_to_read="The accuracy of answering each of the k classes equally often.",
    ),
    Metric(
        name="no_skill_test_mix",
        label="a draw from this site's mix",
        scope="no_skill",
        formula="sum of p_test squared",
        source=FromMix(values=lambda test, _: baselines.test_mix(test), is_convex=True),
        rests_on="images",
        how_to_read="The accuracy of answering each class as often as it is among the tested images.",
    ),
    Metric(
        name="no_skill_train_mix",
        label="a draw from the training mix",
        scope="no_skill",
        formula="sum of p_train p_test",
        source=FromMix(values=lambda test, train: baselines.train_mix(test, train=train)),
        rests_on="images",
        how_to_read="The accuracy of answering each class as often as it was among the training images.",
    ),
    Metric(
        name="no_skill_train_majority",
        label="always the training majority",
        scope="no_skill",
        formula="p_test of the class with the greatest p_train",
        source=FromMix(values=lambda test, train: baselines.train_majority(test, train=train)),
        rests_on="images",
        how_to_read="The accuracy of always answering the class that was most often trained on.",
    ),
    Metric(
        name="no_skill_best_constant",
        label="always the majority here",
        scope="no_skill",
        formula="the greatest p_test",
        source=FromMix(values=lambda test, _: baselines.best_constant(test), is_convex=True),
        rests_on="images",
        how_to_read="The accuracy of always answering the most frequent class of the tested images.",
    ),
    Metric(
        name="recall",
        label="recall",
        scope="class",
        at_threshold=("finding",),
        formula="TP / (TP + FN)",
        source=FromCounts(values=confusion.recall),
        rests_on="of_class",
        is_proportion=True,
        mean_baseline="one_over_classes",
        how_to_read="Of the images of a class, how many are predicted as it.",
    ),
    Metric(
        name="precision",
        label="precision",
        scope="class",
        at_threshold=("finding",),
        formula="TP / (TP + FP)",
        source=FromCounts(values=confusion.precision),
        rests_on="predicted",
        is_proportion=True,
        how_to_read="Of the images predicted as a class, how many are of it.",
    ),
    Metric(
        name="f1",
        label="F1",
        scope="class",
        formula="2 TP / (2 TP + FP + FN)",
        source=FromCounts(values=confusion.f1, grows_with_overlap=True),
        rests_on="of_class",
        how_to_read="The harmonic mean of precision and recall.",
    ),
    Metric(
        name="specificity",
        label="specificity",
        scope="class",
        at_threshold=("finding",),
        formula="TN / (TN + FP)",
        source=FromCounts(values=confusion.specificity),
        rests_on="of_others",
        is_proportion=True,
        how_to_read="Of the images of the other classes, how many are not predicted as this one.",
    ),
    Metric(
        name="npv",
        label="negative predictive value",
        scope="class",
        tasks=(),
        at_threshold=("finding",),
        formula="TN / (TN + FN)",
        source=FromCounts(values=confusion.npv),
        rests_on="not_predicted",
        is_proportion=True,
        how_to_read="Of the images not flagged for a finding, how many do not have it.",
    ),
    Metric(
        name="auroc",
        label="AUROC",
        scope="class",
        tasks=("single_class", "finding"),
        formula="chance that a random positive scores above a random negative, ties counted half",
        source=FromRanking(
            value=lambda areas: areas.auroc,
            influence=influence.auroc,
            variance=lambda positives, negatives: variance.hanley_mcneil(positives=positives, negatives=negatives),
        ),
        rests_on="rarer",
        baseline="half",
        mean_baseline="half",
        how_to_read="How often an image with the finding scores above one without; 0.5 is chance.",
    ),
    Metric(
        name="average_precision",
        label="average precision",
        scope="class",
        tasks=("single_class", "finding"),
        formula="sum over thresholds of (R_t - R_before) P_t, not interpolated",
        source=FromRanking(
            value=lambda areas: areas.average_precision,
            influence=influence.average_precision,
            variance=lambda positives, _: variance.binomial(positives),
        ),
        rests_on="of_class",
        baseline="prevalence",
        how_to_read="The area under the precision-recall curve; without skill, the share of images with the finding.",
    ),
    Metric(
        name=COUNT,
        label="predicted as",
        scope="count",
        formula="images of a class that are predicted as a class",
        source=None,
        rests_on="of_class",
        how_to_read="How many images of a class are predicted as each class.",
    ),
)
"""The records that are written by hand; means over classes follow from those that are a number of each class."""


def by_name(written: Sequence[Metric]) -> Mapping[str, Metric]:
    """All records by their name: overall, means over classes, no-skill lines, of each class, and the counts.

    Args:
        written: The records without the means over classes.
    """
    by_scope: dict[Scope, list[Metric]] = {"overall": [], "macro": [], "no_skill": [], "class": [], "count": []}
    for metric in (*written, *_means(written)):
        by_scope[metric.scope].append(metric)
    return MappingProxyType({metric.name: metric for of_scope in by_scope.values() for metric in of_scope})


def _means(written: Sequence[Metric]) -> Iterator[Metric]:
    for metric in written:
        if metric.scope == "class" or metric.at_threshold:
            yield replace(
                metric,
                tasks=metric.tasks if metric.scope == "class" else (),
                name=f"macro_{metric.name}",
                label=f"macro {metric.label}",
                scope="macro",
                formula=f"mean of {metric.label} over the classes with enough images",
                source=MeanOf(metric=metric.name),
                rests_on="least",
                is_proportion=False,
                baseline=metric.mean_baseline,
                mean_baseline=None,
                how_to_read=f"The plain mean of {metric.label} over the classes, each counting the same.",
            )


METRICS = by_name(WRITTEN)
"""All records, as `by_name` gives them."""


def records(*, scope: Scope | None = None, task: Task | None = None) -> tuple[Metric, ...]:
    """The records, in the order of `METRICS`.

    Args:
        scope: Only those; None: all.
        task: Only those that are measured in it without a threshold; None: all.
    """
    return tuple(one for one in METRICS.values() if scope in (None, one.scope) and (task is None or task in one.tasks))


def at_threshold(*, is_mean: bool) -> tuple[Metric, ...]:
    """What is measured of the task ``finding`` at an operating point, in the order of `METRICS`.

    Args:
        is_mean: Their means over findings, or those of each finding.

    >>> [one.name for one in at_threshold(is_mean=False)]
    ['accuracy', 'recall', 'precision', 'specificity', 'npv']
    """
    return tuple(
        one for one in METRICS.values() if "finding" in one.at_threshold and (one.mean_of is not None) == is_mean
    )


def record(name: str) -> Metric:
    """The record of a stored metric; of every count the one that they share.

    Raises:
        KeyError: If this release knows no such metric.
    """
    metric = find(name)
    if metric is None:
        raise KeyError(f"No metric {name!r}: known are {', '.join(METRICS)}.")
    return metric


def find(name: str) -> Metric | None:
    """The record of a stored metric, of every count the one that they share; None if this release knows none."""
    return METRICS.get(COUNT if name.startswith(f"{COUNT}_") else name)


def is_share(name: str) -> bool:
    """Whether a stored metric is a share of images or a mean of such shares, not an area or a score.

    >>> is_share("macro_recall"), is_share("macro_auroc")
    (True, False)
    """
    metric = record(name)
    return (
        metric.is_proportion or metric.scope == "no_skill" or (metric.mean_of is not None and is_share(metric.mean_of))
    )


def predicted_as(classes: Sequence[str]) -> tuple[str, ...]:
    """What the confusion counts of a class are stored as, one name for each predicted class.

    Args:
        classes: The run's classes, in their order.

    >>> predicted_as(["No Finding", "Nodule/Mass"])
    ('predicted_as_no_finding', 'predicted_as_nodule_mass')
    """
    return tuple(f"{COUNT}_{name}" for name in snake_case(classes))
