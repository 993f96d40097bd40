"""The task `single_class`: images with a single class, and the one class that is answered."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from cxr_core.evaluation import by_class
from cxr_core.evaluation.answers import Answers, answers, of_classes, taken_for
from cxr_core.evaluation.areas import areas
from cxr_core.evaluation.estimates import Estimate, mean_of
from cxr_core.evaluation.sample import Sample
from cxr_core.findings import FINDINGS
from cxr_core.metrics import confusion, no_skill
from cxr_core.statistics import intervals

_METRICS = ("recall", "precision", "f1", "specificity", "auroc", "average_precision")

# Convex in the mix: that of a replicate is less even than the sample's, and the percentiles lie above the value.
_CONVEX = ("no_skill_test_mix", "no_skill_best_constant")


def single_class(sample: Sample) -> tuple[Estimate, ...]:
    """Every metric of the task.

    Args:
        sample: Images; those without a single class are left out here.

    Returns:
        The estimates, NaN where undefined; without images, all but the counts are.
    """
    images = sample.only(sample.classes >= 0)
    given = answers(images)
    present = images.classes[:, np.newaxis] == np.arange(len(FINDINGS))
    each = (*of_classes(given), *areas(images, present=present, known=np.ones_like(present)))
    return (
        *_overall(given, each),
        *by_class.macros(each, metrics=_METRICS, n=images.classes.size),
        *_no_skill(given),
        *each,
        *taken_for(given),
    )


def _overall(given: Answers, each: Sequence[Estimate]) -> Iterator[Estimate]:
    everything = np.ones(given.images.classes.shape, dtype=np.bool_)
    accuracy = given.share("accuracy", confusion.accuracy(given.counts), counting=everything)
    yield accuracy
    # The classes of the sample itself: a replicate that lost one is undefined, not easier.
    recalls = [one for one in each if one.metric == "recall" and one.n_positive]
    yield mean_of(recalls, like=replace(accuracy, metric="balanced_accuracy"))


def _no_skill(given: Answers) -> Iterator[Estimate]:
    everything = np.ones(given.images.classes.shape, dtype=np.bool_)
    test, train = no_skill.mix(given.counts.sum(axis=-1)), given.images.train_mix
    lines = {
        "no_skill_uniform": no_skill.uniform(test),
        "no_skill_test_mix": no_skill.test_mix(test),
        "no_skill_train_mix": no_skill.train_mix(test, train=train),
        "no_skill_train_majority": no_skill.train_majority(test, train=train),
        "no_skill_best_constant": no_skill.best_constant(test),
    }
    for metric, values in lines.items():
        line = given.estimate(metric, values, counting=everything)
        yield replace(line, interval=intervals.NONE) if metric in _CONVEX else line
