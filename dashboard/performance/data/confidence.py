"""Confidence of a model in one test: bins, mean and median."""

from dataclasses import dataclass

import streamlit as st

from cxr_core.metrics import calibration
from cxr_core.statistics import shares
from cxr_core.statistics.shares import Share
from dashboard.notation import FEWEST
from dashboard.performance.data.answers import Bin, answers, as_bins
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number

_STORED = """
    SELECT low, high FROM metric
    WHERE metric = 'accuracy' AND task = 'single_class' AND stratum = 'all' AND operating_point IS NULL
        AND model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy
        AND n = $n AND abs(value - $value) < 1e-9
"""


@dataclass(frozen=True, kw_only=True)
class Confidence:
    """The highest probability of each image of a test that has a single class.

    Attributes:
        n: Images.
        right: How many are right.
        mean: Mean of the highest probability; NaN without images.
        median: Its median.
        n_effective: What the images count as, since several of one patient count as fewer.
        low: Lower end of the 95 % interval of the share that is right: the one that other pages show, where the run
            stores it; NaN without images.
        high: Upper end.
        bins: Twenty, of equal width, from 0 to 1, empty ones too.
    """

    n: int
    right: int
    mean: float
    median: float
    n_effective: float
    low: float
    high: float
    bins: tuple[Bin, ...]

    @property
    def accuracy(self) -> float:
        """Share that is right; NaN without images."""
        return self.right / self.n if self.n else float("nan")

    @property
    def is_off(self) -> bool:
        """Whether the mean confidence lies outside the 95 % interval of the accuracy."""
        return not self.low <= self.mean <= self.high

    @property
    def is_estimable(self) -> bool:
        """Whether there are enough images, as patients count, to speak of shares."""
        return self.n_effective >= FEWEST


@st.cache_data(max_entries=64, show_spinner=False)
def confidence(run: RunKey, test: TestSet) -> Confidence:
    """How sure the model is in a test; no images if there is no such test."""
    given = answers(run, test)
    mean, median = calibration.mean_and_median(given.confidence)
    share = shares.of_images(given.right, patients=given.patient)
    low, high = _interval(run, test, n=given.right.size, share=share)
    return Confidence(
        n=given.right.size,
        right=int(given.right.sum()),
        mean=mean,
        median=median,
        n_effective=share.n_effective,
        low=low,
        high=high,
        bins=as_bins(calibration.bins_of_equal_width(given.confidence, given.right, bins=20)),
    )


def _interval(run: RunKey, test: TestSet, *, n: int, share: Share) -> tuple[float, float]:
    asked = {**test.parameters(), "n": n, "value": share.value}
    for low, high in ask(run, _STORED, asked) if n else ():
        return number(low), number(high)
    return share.interval.low, share.interval.high
