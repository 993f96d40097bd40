"""The task `six_way`: images with a single class, and the one class that is answered."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation import by_class
from cxr_core.evaluation.estimates import ESTIMABLE, Estimate, Trials, Values, estimate, proportion
from cxr_core.evaluation.names import TAKEN_FOR
from cxr_core.evaluation.sample import Sample
from cxr_core.findings import FINDINGS
from cxr_core.metrics import confusion, no_skill
from cxr_core.statistics import design, resampling

_K = len(FINDINGS)


def six_way(sample: Sample) -> tuple[Estimate, ...]:
    """Every metric of the task.

    Args:
        sample: Images; those without a single class are left out here.

    Returns:
        The estimates, NaN where undefined; without images, all but the counts are.
    """
    images = sample.only(sample.classes >= 0)
    counts = _confusion(images)
    positives = np.bincount(images.classes, minlength=_K).astype(np.int64)
    present = images.classes[:, np.newaxis] == np.arange(_K)
    metrics = {
        "recall": confusion.recall(counts),
        "precision": confusion.precision(counts),
        "f1": confusion.f1(counts),
        "specificity": confusion.specificity(counts),
        **by_class.areas(images, present=present, known=np.ones_like(present)),
    }
    rho = _likeness(images, accuracy=confusion.accuracy(counts))
    return (
        *_overall(images, counts, positives=positives, rho=rho),
        *by_class.macros(metrics, positives=positives, n=images.classes.size),
        *_no_skill(counts, train=images.train_mix),
        *_of_classes(images, metrics, positives=positives, rho=rho),
        *_taken_for(images, counts, positives=positives, rho=rho),
    )


def _confusion(images: Sample) -> Values:
    cells = images.classes.astype(np.int64) * _K + images.predicted
    totals = resampling.totals(cells, images.clusters, n_groups=_K * _K, weights=images.weights)
    return totals.T.reshape(-1, _K, _K)


def _overall(images: Sample, counts: Values, *, positives: npt.NDArray[np.int64], rho: float) -> Iterator[Estimate]:
    n = images.classes.size
    accuracy = estimate("accuracy", confusion.accuracy(counts), n=n, n_positive=None, not_estimable=n < ESTIMABLE)
    yield proportion(accuracy, trials=_trials(images.clusters, rho=rho))
    # The classes of the sample itself: a replicate that lost one is undefined, not easier.
    has_images = positives > 0
    balanced = confusion.macro(confusion.recall(counts), over=has_images)
    rare = n < ESTIMABLE or bool((positives[has_images] < ESTIMABLE).any())
    yield estimate("balanced_accuracy", balanced, n=n, n_positive=None, not_estimable=rare)


def _no_skill(counts: Values, *, train: Values) -> Iterator[Estimate]:
    test = no_skill.mix(counts.sum(axis=-1))
    n = int(counts[0].sum())
    lines = {
        "no_skill_uniform": no_skill.uniform(test),
        "no_skill_test_mix": no_skill.test_mix(test),
        "no_skill_train_mix": no_skill.train_mix(test, train=train),
        "no_skill_train_majority": no_skill.train_majority(test, train=train),
        "no_skill_best_constant": no_skill.best_constant(test),
    }
    for metric, values in lines.items():
        yield estimate(metric, values, n=n, n_positive=None, not_estimable=n < ESTIMABLE)


def _of_classes(
    images: Sample, metrics: Mapping[str, Values], *, positives: npt.NDArray[np.int64], rho: float
) -> Iterator[Estimate]:
    for index in range(_K):
        tried = {
            "recall": images.classes == index,
            "precision": images.predicted == index,
            "specificity": images.classes != index,
        }
        for metric, values in metrics.items():
            plain = by_class.of_class(metric, values[:, index], index=index, positives=positives, n=images.classes.size)
            mask = tried.get(metric)
            yield plain if mask is None else proportion(plain, trials=_trials(images.clusters[mask], rho=rho))


def _taken_for(images: Sample, counts: Values, *, positives: npt.NDArray[np.int64], rho: float) -> Iterator[Estimate]:
    """Confusion counts. The interval is that of the share of the class's images, times their number."""
    for index in range(_K):
        row = counts[:, index, :]
        shares = confusion.share(row, np.broadcast_to(row.sum(axis=-1, keepdims=True), row.shape))
        trials = _trials(images.clusters[images.classes == index], rho=rho)
        for other, metric in enumerate(TAKEN_FOR):
            plain = by_class.of_class(metric, shares[:, other], index=index, positives=positives, n=images.classes.size)
            yield proportion(plain, trials=trials).as_count(value=int(row[0, other]))


def _likeness(images: Sample, *, accuracy: Values) -> float:
    size = design.cluster_size(images.clusters)
    return design.likeness(accuracy[1:], share=float(accuracy[0]), n=images.classes.size, size=size)


def _trials(clusters: npt.NDArray[np.int64], *, rho: float) -> Trials:
    return Trials(n=clusters.size, size=design.cluster_size(clusters), rho=rho)
