"""Metrics of the predicted classes, of all and of each, and counts of what each class is predicted as."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation.estimates import MetricEstimate, Trials, Values, estimate, proportion
from cxr_core.evaluation.group import Sample
from cxr_core.metrics import catalogue, confusion, influence, variance
from cxr_core.metrics.record import FromCounts, Metric
from cxr_core.statistics import design, resampling, score
from cxr_core.statistics.intervals import Interval

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class PredictedClasses:
    """Images with a single class, and what each was predicted as.

    Attributes:
        classes: Of m images, shape ``(m,)``.
        predicted: The same.
        clusters: Patient of each, shape ``(m,)``.
        counts: Confusion counts, shape ``(1 + r, k, k)``: of the images, then of their replicates.
        intraclass_correlation: How alike images of a patient are.
    """

    classes: npt.NDArray[np.int8]
    predicted: npt.NDArray[np.int8]
    clusters: npt.NDArray[np.int64]
    counts: Values
    intraclass_correlation: float

    @property
    def n_classes(self) -> int:
        """The number of classes k."""
        return int(self.counts.shape[-1])

    def of_all(self, metric: Metric, values: Values) -> MetricEstimate:
        """A metric of all classes together.

        Args:
            metric: Its record.
            values: Shape ``(1 + r,)``.
        """
        everything = np.ones(self.classes.shape, dtype=np.bool_)
        plain = self._estimate(metric.name, values, kinds=(everything,))
        return self._share(plain, among=everything) if metric.is_proportion else plain

    def of_class(self, metric: Metric, values: Values, *, index: int) -> MetricEstimate:
        """A metric of one class.

        Args:
            metric: Its record.
            values: Shape ``(1 + r,)``.
            index: The class.
        """
        present, predicted = self.classes == index, self.predicted == index
        kinds = metric.kinds(present=present, predicted=predicted)
        plain = self._estimate(metric.name, values, kinds=kinds, finding=index)
        if isinstance(metric.source, FromCounts) and metric.source.grows_with_overlap:
            return _by_overlap(plain, present=present, predicted=predicted, clusters=self.clusters)
        return self._share(plain, among=kinds[0]) if metric.is_proportion else plain

    def count(self, name: str, shares: Values, *, index: int, value: int) -> MetricEstimate:
        """How many images of a class are predicted as some class.

        Args:
            name: As it is stored.
            shares: What share of the class's images that is, shape ``(1 + r,)``.
            index: The class.
            value: How many.
        """
        present = self.classes == index
        share = self._share(self._estimate(name, shares, kinds=(present,), finding=index), among=present)
        return share.as_count(value=value)

    def _estimate(
        self, name: str, values: Values, *, kinds: Sequence[Bools], finding: int | None = None
    ) -> MetricEstimate:
        return estimate(
            name,
            values,
            finding=finding,
            n=self.classes.size,
            n_positive=None if finding is None else int((self.classes == finding).sum()),
            n_effective=min(design.independent(self.clusters[kind]) for kind in kinds),
        )

    def _share(self, plain: MetricEstimate, *, among: Bools) -> MetricEstimate:
        clusters = self.clusters[among]
        return proportion(
            plain,
            trials=Trials(
                n=clusters.size, size=design.cluster_size(clusters), intraclass_correlation=self.intraclass_correlation
            ),
        )


def predicted_classes(images: Sample, *, n_classes: int) -> PredictedClasses:
    """Counts what each class is predicted as.

    Args:
        images: Images with a single class.
        n_classes: The number of classes k.
    """
    cells = images.classes.astype(np.int64) * n_classes + images.predicted
    totals = resampling.totals(cells, images.clusters, n_groups=n_classes**2, weights=images.weights)
    return from_counts(
        totals.T.reshape(-1, n_classes, n_classes),
        classes=images.classes,
        predicted=images.predicted,
        clusters=images.clusters,
    )


def from_counts(
    counts: Values,
    *,
    classes: npt.NDArray[np.int8],
    predicted: npt.NDArray[np.int8],
    clusters: npt.NDArray[np.int64],
) -> PredictedClasses:
    """The same from counts that were made already.

    Args:
        counts: Shape ``(1 + r, k, k)``.
        classes: Shape ``(m,)``.
        predicted: Shape ``(m,)``.
        clusters: Shape ``(m,)``.
    """
    accuracy, size = confusion.accuracy(counts), design.cluster_size(clusters)
    intraclass_correlation = design.intraclass_correlation(
        accuracy[1:], share=float(accuracy[0]), n=classes.size, size=size
    )
    return PredictedClasses(
        classes=classes,
        predicted=predicted,
        clusters=clusters,
        counts=counts,
        intraclass_correlation=intraclass_correlation,
    )


def of_classes(predicted: PredictedClasses) -> Iterator[MetricEstimate]:
    """What the catalogue computes from confusion counts, of each class."""
    found = [
        (metric, metric.source.values(predicted.counts))
        for metric in catalogue.records(scope="class", task="single_class")
        if isinstance(metric.source, FromCounts)
    ]
    for index in range(predicted.n_classes):
        for metric, values in found:
            yield predicted.of_class(metric, values[:, index], index=index)


def predicted_as(predicted: PredictedClasses, *, classes: Sequence[str]) -> Iterator[MetricEstimate]:
    """Confusion counts. The interval is that of the share of the class's images, times their number.

    Args:
        predicted: The answers.
        classes: What the classes are called.
    """
    names = catalogue.predicted_as(classes)
    for index in range(predicted.n_classes):
        row = predicted.counts[:, index, :]
        shares = confusion.share(row, np.broadcast_to(row.sum(axis=-1, keepdims=True), row.shape))
        for other, name in enumerate(names):
            yield predicted.count(name, shares[:, other], index=index, value=int(row[0, other]))


def _by_overlap(
    plain: MetricEstimate, *, present: Bools, predicted: Bools, clusters: npt.NDArray[np.int64]
) -> MetricEstimate:
    """The same estimate, with the interval of the share TP / (TP + FP + FN) that it grows with."""
    if not plain.replicates.size:
        return plain
    either = present | predicted
    share = score.interval(
        plain.value / (2 - plain.value),
        influence=influence.proportion(present & predicted, among=either),
        clusters=clusters,
        kinds=(either,),
        variance=variance.binomial(int(either.sum())),
    )
    interval = Interval(low=2 * share.low / (1 + share.low), high=2 * share.high / (1 + share.high))
    return replace(plain, interval=interval, has_own_interval=True)
