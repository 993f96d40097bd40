"""How often the model is right when it is that sure."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st

from cxr_core.metrics import calibration
from dashboard.notation import FEWEST
from dashboard.queries.performance.answers import ANSWERS, Bin, as_bin, effective, histogram
from dashboard.results.comparison import TestSet
from dashboard.results.runs import RunKey, ask, number

Spacing = Literal["width", "count"]
"""Ten bins of equal width, or ten with about as many images each."""

# Images of one confidence share a bin, so the bins do not depend on the order of the rows.
_EQUAL_COUNTS = f"""
    {ANSWERS},
    edge AS (
        SELECT quantile_disc(confidence, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) AS edges FROM answer
    )
    SELECT len(list_filter(edges, lambda edge: edge < confidence)) AS bin, count(*), count(*) FILTER (is_right),
        sum(confidence), min(confidence), max(confidence)
    FROM answer, edge GROUP BY bin ORDER BY bin
"""  # noqa: S608 (put together from constants)


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """How often the model is right when it is that sure.

    Attributes:
        bins: Those that hold images, by rising confidence.
        n: Images of all bins.
        error: Expected calibration error, in [0, 1]: the mean over images of how far the accuracy of their bin lies
            from its mean confidence; NaN without images.
        by_chance: Up to what a perfectly calibrated model of as many patients would show; NaN without images.
    """

    bins: tuple[Bin, ...]
    n: int
    error: float
    by_chance: float

    @property
    def is_off(self) -> bool:
        """Whether the error is more than chance."""
        return self.error > self.by_chance

    @property
    def is_estimable(self) -> bool:
        """Whether there are enough images to speak of shares."""
        return self.n >= FEWEST


@st.cache_data(max_entries=64, show_spinner=False)
def reliability(run: RunKey, test: TestSet, *, spacing: Spacing) -> Reliability:
    """Reliability in ten bins; no bins if there is no such test.

    Source:
        Guo et al., On Calibration of Modern Neural Networks, ICML 2017: confidence, reliability diagram, expected
        calibration error.
    """
    if spacing == "width":
        bins = tuple(each for each in histogram(run, test, bins=10) if each.n)
    else:
        rows = ask(run, _EQUAL_COUNTS, test.parameters())
        bins = tuple(as_bin(row, low=number(row[4]), high=number(row[5])) for row in rows)
    n = np.array([each.n for each in bins], np.int64)
    right = np.array([each.right for each in bins], np.int64)
    confidence = np.array([each.confidence for each in bins], np.float64)
    return Reliability(
        bins=bins,
        n=int(n.sum()),
        error=calibration.expected_error(n, right, confidence),
        by_chance=calibration.error_by_chance(n, confidence, n_effective=effective(run, test)),
    )
