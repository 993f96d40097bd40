"""The task `finding`: every image where presence is known, and how well scores rank those that have the finding."""

import numpy as np

from cxr_core.evaluation import by_class
from cxr_core.evaluation.areas import areas
from cxr_core.evaluation.estimates import MetricEstimate
from cxr_core.evaluation.sample import Sample


def finding(sample: Sample) -> tuple[MetricEstimate, ...]:
    """Every metric of the task.

    Args:
        sample: Images; for each finding, those whose presence is unknown are left out here.

    Returns:
        The estimates, NaN where undefined. ``n`` of a finding counts the images where its presence is known, ``n`` of a
        mean those where that of any finding is.
    """
    known = np.isfinite(sample.present)
    estimates = areas(sample, present=sample.present == 1, known=known, task="finding")
    means = by_class.macros(estimates, task="finding", n=int(known.any(axis=1).sum()))
    return (*means, *estimates)
