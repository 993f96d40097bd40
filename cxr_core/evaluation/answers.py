"""What the answers about each class are worth: recall, precision, specificity, F1, and what it is taken for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation.estimates import Estimate, Trials, Values, estimate, proportion
from cxr_core.evaluation.names import PREDICTED_AS
from cxr_core.evaluation.sample import Sample
from cxr_core.findings import FINDINGS
from cxr_core.metrics import confusion, influence
from cxr_core.statistics import design, resampling, score
from cxr_core.statistics.intervals import Interval

_K = len(FINDINGS)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Images with a single class, and what each was taken for.

    Attributes:
        images: m of them.
        counts: Confusion counts, shape ``(1 + r, 6, 6)``: of the images, then of their replicates.
        rho: How alike images of a patient are.
    """

    images: Sample
    counts: Values
    rho: float

    def estimate(
        self, metric: str, values: Values, *, counting: npt.NDArray[np.bool_], finding: int | None = None
    ) -> Estimate:
        """A metric that rests on some of the images.

        Args:
            metric: Its name.
            values: Shape ``(1 + r,)``.
            counting: The images that count, shape ``(m,)``.
            finding: 0-5, or None.
        """
        return estimate(
            metric,
            values,
            finding=finding,
            n=self.images.classes.size,
            n_positive=None if finding is None else int((self.images.classes == finding).sum()),
            n_effective=design.independent(self.images.clusters[counting]),
        )

    def share(
        self, metric: str, values: Values, *, counting: npt.NDArray[np.bool_], finding: int | None = None
    ) -> Estimate:
        """The same of a metric that is a share of those images."""
        clusters = self.images.clusters[counting]
        trials = Trials(n=clusters.size, size=design.cluster_size(clusters), rho=self.rho)
        return proportion(self.estimate(metric, values, counting=counting, finding=finding), trials=trials)


def answers(images: Sample) -> Answers:
    """Counts what each class is taken for.

    Args:
        images: Images with a single class, in each 0-5.
    """
    cells = images.classes.astype(np.int64) * _K + images.predicted
    totals = resampling.totals(cells, images.clusters, n_groups=_K * _K, weights=images.weights)
    counts = totals.T.reshape(-1, _K, _K)
    accuracy, size = confusion.accuracy(counts), design.cluster_size(images.clusters)
    rho = design.likeness(accuracy[1:], share=float(accuracy[0]), n=images.classes.size, size=size)
    return Answers(images=images, counts=counts, rho=rho)


def of_classes(given: Answers) -> Iterator[Estimate]:
    """Recall, precision, F1 and specificity of each class."""
    recall, precision, f1, specificity = (
        measure(given.counts)
        for measure in (confusion.recall, confusion.precision, confusion.f1, confusion.specificity)
    )
    for index in range(_K):
        of_class, answered = given.images.classes == index, given.images.predicted == index
        yield given.share("recall", recall[:, index], counting=of_class, finding=index)
        yield given.share("precision", precision[:, index], counting=answered, finding=index)
        yield _f1(given, f1[:, index], index=index)
        yield given.share("specificity", specificity[:, index], counting=~of_class, finding=index)


def predicted_as(given: Answers) -> Iterator[Estimate]:
    """Confusion counts. The interval is that of the share of the class's images, times their number."""
    for index in range(_K):
        row, of_class = given.counts[:, index, :], given.images.classes == index
        shares = confusion.share(row, np.broadcast_to(row.sum(axis=-1, keepdims=True), row.shape))
        for other, metric in enumerate(PREDICTED_AS):
            share = given.share(metric, shares[:, other], counting=of_class, finding=index)
            yield share.as_count(value=int(row[0, other]))


def _f1(given: Answers, values: Values, *, index: int) -> Estimate:
    """F1 grows with one share, that of TP / (TP + FP + FN), and takes its interval from it."""
    of_class, answered = given.images.classes == index, given.images.predicted == index
    plain = given.estimate("f1", values, counting=of_class, finding=index)
    if not plain.replicates.size:
        return plain
    either = of_class | answered
    share = score.interval(
        plain.value / (2 - plain.value),
        influence=influence.proportion(of_class & answered, among=either),
        clusters=given.images.clusters,
        kinds=(either,),
        variance=score.binomial(int(either.sum())),
    )
    interval = Interval(low=2 * share.low / (1 + share.low), high=2 * share.high / (1 + share.high))
    return replace(plain, interval=interval, has_own_interval=True)
