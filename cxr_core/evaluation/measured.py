"""The measurements of one group of images."""

from dataclasses import dataclass

from cxr_core.evaluation.estimates import MetricEstimate
from cxr_core.metrics.record import Task


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
