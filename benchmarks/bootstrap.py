"""2,000 replicates over patients of all metrics, 29,842 images of six classes, one thread each, tied scores among them.

Ours is everything that a run stores of one model under one policy: both tasks, with intervals. Theirs is a loop over
scikit-learn with the metrics of one task; it draws fewer replicates, and both are counted a second.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    confusion_matrix,
    precision_recall_fscore_support,
    roc_auc_score,
)
from threadpoolctl import threadpool_limits

from benchmarks.circumstances import copied_bytes_a_second
from benchmarks.timing import Limit, Measured, compare
from cxr_core.evaluation.group import Sample
from cxr_core.evaluation.tasks import finding, single_class
from cxr_core.findings import FINDINGS
from cxr_core.statistics.resampling import resample

IMAGES = 29_842
REPLICATES = 2000
THEIR_REPLICATES = 8
_IMAGES_A_PATIENT = 2.5
_DECIMALS = 3
"""Of the scores, so that many are tied."""
_FLOAT_BYTES = 4


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a network says of images, sorted by patient.

    Attributes:
        classes: Reference standard, shape ``(n,)``.
        scores: Shape ``(n, k)``, in [0, 1].
        patients: Shape ``(n,)``, not falling.
    """

    classes: npt.NDArray[np.int8]
    scores: npt.NDArray[np.float32]
    patients: npt.NDArray[np.int64]


def measure(names: Sequence[str]) -> Iterator[Measured]:
    drawn = draw(IMAGES)
    for name in names:
        with threadpool_limits(1):
            result = compare(
                name,
                ours=lambda: ours(drawn, replicates=REPLICATES),
                theirs=lambda: theirs(drawn, replicates=THEIR_REPLICATES),
                what_theirs_is=f"a loop over scikit-learn, one task of our two, {THEIR_REPLICATES} replicates",
                amount_ours=REPLICATES,
                amount_theirs=THEIR_REPLICATES,
                unit="replicates/s",
            )
        read = 2 * drawn.scores.size * _FLOAT_BYTES
        most = Limit(
            value=copied_bytes_a_second() / read, what="a weight read for each image, class and task, by one thread"
        )
        yield Measured(name=name, result=result, limit=most)


def draw(images: int, *, seed: int = 0) -> Answers:
    """Scores that are right more often than not, some of them tied, 2.5 images a patient on average."""
    rng = np.random.default_rng(seed)
    classes = rng.integers(0, len(FINDINGS), images).astype(np.int8)
    logits = rng.normal(size=(images, len(FINDINGS))) + 1.5 * (classes[:, np.newaxis] == np.arange(len(FINDINGS)))
    scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    patients = np.sort(rng.integers(0, max(int(images / _IMAGES_A_PATIENT), 1), images))
    return Answers(classes=classes, scores=scores.round(_DECIMALS).astype(np.float32), patients=patients)


def ours(answers: Answers, *, replicates: int) -> Mapping[tuple[str, int | None], float]:
    """Draws replicates, measures both tasks; gives the values of ``single_class`` by metric and class."""
    sample = sampled(answers, replicates=replicates)
    finding(sample)
    return {(one.metric, one.finding): one.value for one in single_class(sample, classes=FINDINGS)}


def sampled(answers: Answers, *, replicates: int) -> Sample:
    """The images with their replicates, as evaluation takes them."""
    drawn = resample(answers.patients, seed=0, dataset="site", replicates=replicates)
    present = answers.classes[:, np.newaxis] == np.arange(len(FINDINGS))
    return Sample(
        classes=answers.classes,
        present=present.astype(np.float32),
        predicted=answers.scores.argmax(axis=1).astype(np.int8),
        probability=answers.scores,
        clusters=drawn.clusters,
        weights=drawn.weights,
        train_mix=np.full(len(FINDINGS), 1 / len(FINDINGS)),
    )


def theirs(answers: Answers, *, replicates: int) -> Mapping[tuple[str, int | None], tuple[float, float, float]]:
    """The value of each metric and its 95 % percentile interval over whole patients."""
    rng = np.random.default_rng(0)
    sizes = np.unique(answers.patients, return_counts=True)[1]
    values = metrics(answers.classes, answers.scores)
    found: dict[tuple[str, int | None], list[float]] = {key: [] for key in values}
    for _ in range(replicates):
        times = np.bincount(rng.integers(0, len(sizes), len(sizes)), minlength=len(sizes))
        rows = np.repeat(np.arange(len(answers.classes)), np.repeat(times, sizes))
        for key, value in metrics(answers.classes[rows], answers.scores[rows]).items():
            found[key].append(value)
    return {key: (values[key], *np.percentile(found[key], (2.5, 97.5))) for key in values}


def metrics(classes: npt.NDArray[np.int8], scores: npt.NDArray[np.float32]) -> Mapping[tuple[str, int | None], float]:
    """By metric and class, named as ours; all classes occur."""
    predicted = scores.argmax(axis=1)
    precision, recall, f1, _ = precision_recall_fscore_support(classes, predicted, zero_division=np.nan)
    table = confusion_matrix(classes, predicted, labels=range(len(FINDINGS)))
    negatives = table.sum() - table.sum(axis=1)
    specificity = (negatives - (table.sum(axis=0) - table.diagonal())) / negatives
    areas = [roc_auc_score(classes == index, scores[:, index]) for index in range(len(FINDINGS))]
    average = [average_precision_score(classes == index, scores[:, index]) for index in range(len(FINDINGS))]
    by_class = {
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "specificity": specificity,
        "auroc": areas,
        "average_precision": average,
    }
    found: dict[tuple[str, int | None], float] = {
        (name, index): float(value) for name, values in by_class.items() for index, value in enumerate(values)
    }
    macros = {(f"macro_{name}", None): float(np.mean(values)) for name, values in by_class.items()}
    return found | macros | {("accuracy", None): float(accuracy_score(classes, predicted))}
