"""Calibration of a model in one test: bins, error and its interval."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from cxr_core.metrics import calibration
from cxr_core.statistics import shares
from dashboard.notation import FEWEST
from dashboard.performance.data.answers import Bin, answers, as_bins
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey

Spacing = Literal["width", "count"]
"""Ten bins of equal width, or ten with about as many images each."""


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """How often the model is right when it is that sure.

    Attributes:
        bins: Those that hold images, by rising confidence.
        n: Images of all bins.
        n_effective: What they count as, since several of one patient count as fewer.
        error: Expected calibration error, in [0, 1]: the mean over images of how far the accuracy of their bin lies
            from its mean confidence; NaN without images.
        by_chance: Up to what a perfectly calibrated model of as many patients would show; NaN without images.
    """

    bins: tuple[Bin, ...]
    n: int
    n_effective: float
    error: float
    by_chance: float

    @property
    def is_off(self) -> bool:
        """Whether the error is more than chance."""
        return self.error > self.by_chance

    @property
    def is_estimable(self) -> bool:
        """Whether there are enough images, as patients count, to speak of shares."""
        return self.n_effective >= FEWEST


@st.cache_data(max_entries=64, show_spinner=False)
def reliability(run: RunKey, test: TestSet, *, spacing: Spacing) -> Reliability:
    """Reliability in ten bins; no bins if there is no such test."""
    given = answers(run, test)
    make = calibration.bins_of_equal_width if spacing == "width" else calibration.bins_of_equal_count
    bins = make(given.confidence, given.right).filled()
    worth = shares.of_images(given.right, patients=given.patient).n_effective
    return Reliability(
        bins=as_bins(bins),
        n=int(bins.n.sum()),
        n_effective=worth,
        error=calibration.expected_error(bins.n, bins.right, bins.confidence),
        by_chance=calibration.error_by_chance(bins.n, bins.confidence, n_effective=worth),
    )
