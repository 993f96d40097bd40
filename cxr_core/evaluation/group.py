"""One group of images (a model, dataset, role, policy and stratum): what is known of it, and what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation.estimates import MetricEstimate
from cxr_core.metrics.record import Task
from cxr_core.statistics.resampling import Weights


@dataclass(frozen=True, kw_only=True)
class Sample:
    """m images and what is known of each.

    Attributes:
        classes: Reference standard, shape ``(m,)``: the index of a class, or -1 where there is no single class.
        present: Reference standard, shape ``(m, k)``: 1, 0, NaN unknown.
        predicted: Shape ``(m,)``: the index of a class; -1 where one class does not exclude the others.
        probability: Shape ``(m, k)``; NaN where nothing is said of a class. None: there are flags alone.
        clusters: Patient of each image, shape ``(m,)``: a row of `weights`.
        weights: Shape ``(patients, 1 + r)``: column 0 is the sample itself, the others its replicates.
        train_mix: Shape ``(k,)``: share of each class among the training images; NaN where unknown.
        flagged: By operating point, shape ``(m, k)``: 1, 0, NaN where nothing is said.
    """

    classes: npt.NDArray[np.int8]
    present: npt.NDArray[np.float32]
    predicted: npt.NDArray[np.int8]
    probability: npt.NDArray[np.float32] | None
    clusters: npt.NDArray[np.int64]
    weights: Weights
    train_mix: npt.NDArray[np.float64]
    flagged: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)

    def only(self, kept: npt.NDArray[np.bool_]) -> "Sample":
        """Some of its images.

        Args:
            kept: Mask of shape ``(m,)``.
        """
        return Sample(
            classes=self.classes[kept],
            present=self.present[kept],
            predicted=self.predicted[kept],
            probability=None if self.probability is None else self.probability[kept],
            clusters=self.clusters[kept],
            weights=self.weights,
            train_mix=self.train_mix,
            flagged={point: flags[kept] for point, flags in self.flagged.items()},
        )

    def answered(self) -> npt.NDArray[np.bool_]:
        """Of which images and classes presence is known and the model says something, shape ``(m, k)``."""
        said = [np.isfinite(each) for each in (self.probability, *self.flagged.values()) if each is not None]
        return np.asarray(np.isfinite(self.present) & np.logical_or.reduce(said), dtype=np.bool_)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One group of images and all that was measured on it.

    Attributes:
        model_id: Which model.
        is_ensemble: Whether it has replicates.
        dataset: Which dataset.
        role: Role of its predictions.
        policy: Label policy of the reference standard.
        task: ``single_class`` or ``finding``.
        stratum: ``all``, ``view=PA`` and the like.
        classes: What the classes are called.
        estimates: Every metric of the task.
        fold_of: As in `Scored`.
        has_gap: Whether it enters gaps.
    """

    model_id: str
    is_ensemble: bool
    dataset: str
    role: str
    policy: str
    task: Task
    stratum: str
    classes: tuple[str, ...]
    estimates: tuple[MetricEstimate, ...]
    fold_of: str | None = None
    has_gap: bool = True
