"""What both tasks share: metrics of each class, and their means over the classes with enough images."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation.estimates import ESTIMABLE, Estimate, Values, estimate
from cxr_core.evaluation.names import MACRO
from cxr_core.evaluation.sample import Sample
from cxr_core.findings import FINDINGS
from cxr_core.metrics import confusion, ranking


def areas(sample: Sample, *, present: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_]) -> dict[str, Values]:
    """AUROC and average precision of each class against the rest.

    Args:
        sample: m images.
        present: Shape ``(m, 6)``.
        known: Shape ``(m, 6)``: the images that count for each class.

    Returns:
        For each of the two metrics, shape ``(1 + r, 6)``: the value, then the replicates; NaN where undefined.
    """
    columns = sample.weights.shape[1]
    auroc, average_precision = np.full((2, columns, len(FINDINGS)), np.nan)
    for index in range(len(FINDINGS)):
        kept = known[:, index]
        order = ranking.rank(
            present[kept, index],
            sample.probability[kept, index],
            clusters=sample.clusters[kept],
            n_clusters=sample.weights.shape[0],
        )
        both = ranking.areas(order, sample.weights)
        auroc[:, index], average_precision[:, index] = both.auroc, both.average_precision
    return {"auroc": auroc, "average_precision": average_precision}


def macros(metrics: Mapping[str, Values], *, positives: npt.NDArray[np.int64], n: int) -> Iterator[Estimate]:
    """Mean of each metric over the classes that are estimable here; undefined where none is.

    The classes are those of the sample itself, in its replicates too.

    Args:
        metrics: By name, shape ``(1 + r, 6)``.
        positives: Images of each class, shape ``(6,)``.
        n: Number of images.

    Yields:
        One estimate for each metric, named ``macro_...``.
    """
    over = positives >= ESTIMABLE
    for metric, values in metrics.items():
        mean = confusion.macro(values, over=over)
        yield estimate(f"{MACRO}{metric}", mean, n=n, n_positive=None, not_estimable=not over.any())


def of_class(metric: str, values: Values, *, index: int, positives: npt.NDArray[np.int64], n: int) -> Estimate:
    """One metric of one class.

    Args:
        metric: Its name.
        values: Shape ``(1 + r,)``.
        index: The class, 0-5.
        positives: Images of each class, shape ``(6,)``.
        n: Number of images that count.

    Returns:
        The estimate, with a percentile interval.
    """
    n_positive = int(positives[index])
    not_estimable = n_positive < ESTIMABLE
    return estimate(metric, values, finding=index, n=n, n_positive=n_positive, not_estimable=not_estimable)
