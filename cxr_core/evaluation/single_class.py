"""The task `single_class`: images with exactly one class, and the one class that is answered."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from cxr_core.evaluation import by_class
from cxr_core.evaluation.answers import Answers, answers, of_classes, predicted_as
from cxr_core.evaluation.areas import areas
from cxr_core.evaluation.estimates import Estimate
from cxr_core.evaluation.sample import Sample
from cxr_core.metrics import catalogue, no_skill
from cxr_core.metrics.record import FromCounts, FromMix
from cxr_core.statistics import intervals


def single_class(sample: Sample, *, classes: Sequence[str]) -> tuple[Estimate, ...]:
    """Every metric of the task.

    Args:
        sample: Images; those without a single class are left out here.
        classes: What the classes are called.

    Returns:
        The estimates, NaN where undefined; without images, all but the counts are.
    """
    images = sample.only(sample.classes >= 0)
    given = answers(images)
    present = images.classes[:, np.newaxis] == np.arange(given.n_classes)
    each = (*of_classes(given), *areas(images, present=present, known=np.ones_like(present), task="single_class"))
    return (
        *_overall(given, each),
        *by_class.macros(each, task="single_class", n=images.classes.size),
        *_no_skill(given),
        *each,
        *predicted_as(given, classes=classes),
    )


def _overall(given: Answers, each: Sequence[Estimate]) -> Iterator[Estimate]:
    for metric in catalogue.records(scope="overall", task="single_class"):
        if isinstance(metric.source, FromCounts):
            yield given.of_all(metric, metric.source.values(given.counts))
        else:
            yield by_class.mean(metric, each, n=given.images.classes.size)


def _no_skill(given: Answers) -> Iterator[Estimate]:
    test, train = no_skill.mix(given.counts.sum(axis=-1)), given.images.train_mix
    for metric in catalogue.records(scope="no_skill", task="single_class"):
        if isinstance(metric.source, FromMix):
            line = given.of_all(metric, metric.source.values(test, train))
            yield replace(line, interval=intervals.NONE) if metric.source.is_convex else line
