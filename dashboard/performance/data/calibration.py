"""Calibration of a model, or of its scores of a finding, in one test: bins, error and what chance would make."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from cxr_core.metrics import calibration
from cxr_core.statistics import shares
from dashboard.notation import FEWEST
from dashboard.performance.data.answers import Answers, Bin, answers, as_bins, scores
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey

Spacing = Literal["width", "count"]
"""Ten bins of equal width, or ten with about as many images each."""


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """How often the model is right when it is that sure, or a finding is there when its score is that high.

    Attributes:
        bins: Those that hold images, by rising confidence.
        n: Images of all bins.
        n_effective: What they count as, since several of one patient count as fewer.
        error: Expected calibration error, in [0, 1]: the mean over images of how far the accuracy of their bin lies
            from its mean confidence; NaN without images.
        by_chance: Up to what a perfectly calibrated model of as many patients would show; NaN without images.
        mean: Mean confidence, or score, of all images; NaN without images.
        share: Share of all images that is right, or has the finding; NaN without images.
    """

    bins: tuple[Bin, ...]
    n: int
    n_effective: float
    error: float
    by_chance: float
    mean: float
    share: float

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
    """Reliability of the answers in ten bins; no bins if there is no such test."""
    return _reliability(answers(run, test), spacing=spacing)


@st.cache_data(max_entries=64, show_spinner=False)
def finding_reliability(run: RunKey, test: TestSet, *, finding: str, spacing: Spacing) -> Reliability:
    """How often a finding is there where its score is that high, in ten bins; no bins where nothing is known of it."""
    return _reliability(scores(run, test, finding=finding), spacing=spacing)


def _reliability(given: Answers, *, spacing: Spacing) -> Reliability:
    make = calibration.bins_of_equal_width if spacing == "width" else calibration.bins_of_equal_count
    bins = make(given.confidence, given.right).filled()
    share = shares.of_images(given.right, patients=given.patient)
    worth = share.n_effective
    return Reliability(
        bins=as_bins(bins),
        n=int(bins.n.sum()),
        n_effective=worth,
        error=calibration.expected_error(bins.n, bins.right, bins.confidence),
        by_chance=calibration.error_by_chance(bins.n, bins.confidence, n_effective=worth),
        mean=calibration.mean_and_median(given.confidence)[0],
        share=share.value,
    )
