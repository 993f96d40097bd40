"""The task `finding`: every image where presence is known, and how well scores rank those that have the finding."""

import numpy as np

from cxr_core.evaluation import by_class
from cxr_core.evaluation.estimates import Estimate
from cxr_core.evaluation.sample import Sample
from cxr_core.findings import FINDINGS


def finding(sample: Sample) -> tuple[Estimate, ...]:
    """Every metric of the task.

    Args:
        sample: Images; for each finding, those whose presence is unknown are left out here.

    Returns:
        The estimates, NaN where undefined. ``n`` of a finding counts the images where its presence is known, ``n`` of a
        mean those where that of any finding is.
    """
    known = np.isfinite(sample.present)
    present = sample.present == 1
    positives = present.sum(axis=0)
    metrics = by_class.areas(sample, present=present, known=known)
    each = (
        by_class.of_class(metric, values[:, index], index=index, positives=positives, n=int(known[:, index].sum()))
        for metric, values in metrics.items()
        for index in range(len(FINDINGS))
    )
    return (*by_class.macros(metrics, positives=positives, n=int(known.any(axis=1).sum())), *each)
