"""The rows of the table `metric`."""

from collections.abc import Iterable, Sequence

import pandas as pd

from cxr_core.evaluation.measure import Measured

COLUMNS = (
    "model_id", "dataset", "role", "policy", "task", "stratum", "finding", "metric", "value", "low", "high", "n",
    "n_positive", "n_effective", "not_estimable",
)  # fmt: skip


def metric_rows(measured: Sequence[Measured]) -> pd.DataFrame:
    """One row per group, class and metric.

    Args:
        measured: From `measure`.

    Returns:
        The columns of the table; ``finding`` and ``n_positive`` (Int32) are missing for metrics of no one class,
        ``value``, ``low``, ``high`` and ``n_effective`` are NaN where undefined.
    """
    frame = pd.DataFrame(_rows(measured), columns=list(COLUMNS))
    return frame.astype({"n": "int32", "n_positive": "Int32", "not_estimable": "bool"} | _FLOATS)


_FLOATS = dict.fromkeys(("value", "low", "high", "n_effective"), "float64")


def _rows(measured: Iterable[Measured]) -> list[tuple[object, ...]]:
    return [
        (
            *(group.model_id, group.dataset, group.role, group.policy, group.task, group.stratum),
            None if estimate.finding is None else group.classes[estimate.finding],
            estimate.metric,
            *(estimate.value, estimate.interval.low, estimate.interval.high),
            *(estimate.n, estimate.n_positive, estimate.n_effective, estimate.not_estimable),
        )
        for group in measured
        for estimate in group.estimates
    ]
