"""The two tasks: images with exactly one class, and every image where the presence of a finding is known."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from cxr_core.evaluation import by_class
from cxr_core.evaluation.areas import areas
from cxr_core.evaluation.at_threshold import at_threshold
from cxr_core.evaluation.estimates import MetricEstimate, Values
from cxr_core.evaluation.group import Sample
from cxr_core.evaluation.predicted_classes import PredictedClasses, of_classes, predicted_as, predicted_classes
from cxr_core.metrics import baselines, catalogue
from cxr_core.metrics.record import FromCounts, FromMix
from cxr_core.statistics import intervals


def single_class(sample: Sample, *, classes: Sequence[str], has_counts: bool = True) -> tuple[MetricEstimate, ...]:
    """Every metric of the task.

    Args:
        sample: Images; those without a single class are left out here.
        classes: What the classes are called.
        has_counts: Whether counts of what each class is predicted as are among them: k² estimates.

    Returns:
        The estimates, NaN where undefined; without images, all but the counts are.
    """
    images = sample.only(sample.classes >= 0)
    if images.probability is None:
        raise ValueError("Expected probabilities of images with a single class, found flags alone.")
    predicted = predicted_classes(images, n_classes=images.probability.shape[1])
    present = images.classes[:, np.newaxis] == np.arange(predicted.n_classes)
    estimates = (
        *of_classes(predicted),
        *areas(images, images.probability, present=present, known=np.ones_like(present), task="single_class"),
    )
    return (
        *_overall(predicted, estimates),
        *by_class.macros(estimates, task="single_class", n=images.classes.size),
        *_baselines(predicted, train=images.train_mix),
        *estimates,
        *(predicted_as(predicted, classes=classes) if has_counts else ()),
    )


def _overall(predicted: PredictedClasses, estimates: Sequence[MetricEstimate]) -> Iterator[MetricEstimate]:
    for metric in catalogue.records(scope="overall", task="single_class"):
        if isinstance(metric.source, FromCounts):
            yield predicted.of_all(metric, metric.source.values(predicted.counts))
        else:
            yield by_class.mean(metric, estimates, n=predicted.classes.size)


def _baselines(predicted: PredictedClasses, *, train: Values) -> Iterator[MetricEstimate]:
    test = baselines.mix(predicted.counts.sum(axis=-1))
    for metric in catalogue.records(scope="no_skill", task="single_class"):
        if isinstance(metric.source, FromMix):
            line = predicted.of_all(metric, metric.source.values(test, train))
            yield replace(line, interval=intervals.NONE) if metric.source.is_convex else line


def finding(sample: Sample) -> tuple[MetricEstimate, ...]:
    """Every metric of the task.

    Args:
        sample: Images; for each finding, those whose presence is unknown, or of which the model says nothing, are left
            out here.

    Returns:
        The estimates, NaN where undefined. ``n`` of a finding counts the images that are not left out, ``n`` of a mean
        those that are not for any finding. First what rests on scores, nothing where there are none, then what rests on
        the flags of each operating point.
    """
    return tuple(
        itertools.chain(_of_scores(sample), *(at_threshold(sample, operating_point=name) for name in sample.flagged))
    )


def _of_scores(sample: Sample) -> tuple[MetricEstimate, ...]:
    if sample.probability is None:
        return ()
    known = np.isfinite(sample.present) & np.isfinite(sample.probability)
    estimates = areas(sample, sample.probability, present=sample.present == 1, known=known, task="finding")
    means = by_class.macros(estimates, task="finding", n=int(known.any(axis=1).sum()))
    return (*means, *estimates)
