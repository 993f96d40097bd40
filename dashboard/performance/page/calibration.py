"""Calibration: shares of right answers by confidence."""

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.performance.data import answers
from dashboard.performance.data.calibration import Spacing, reliability
from dashboard.performance.data.regime import regime
from dashboard.performance.figures.calibration import reliability_figure
from dashboard.performance.text import alt_text
from dashboard.performance.text.calibration import SPACINGS, calibration, calibration_change
from dashboard.performance.text.names import no_internal
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice


def show(comparison: Comparison) -> None:
    """Draws the part."""
    spacing: Spacing = "count" if url_choice("bins", "Bins", SPACINGS) == "count" else "width"
    found = {side: reliability(comparison.run, test, spacing=spacing) for side, test in comparison.tests.items()}
    is_alone = holdings(comparison).is_alone
    widgets.answer(calibration_change(found, is_alone=is_alone, has_patients=comparison.has_patients))
    why = no_internal(regime(comparison.run, comparison.model))
    if any(each.is_estimable for each in found.values()):
        rows = [(side, calibration(side, each, absent=why), each) for side, each in found.items()]
        show_figure(
            lambda colors: reliability_figure(rows, palette=colors),
            key="reliability",
            alt=alt_text.bins("Reliability.", {side: each.bins for side, each in found.items()}),
            source=of_tests(
                comparison,
                name="performance_calibration",
                title=f"Reliability, {SPACINGS[spacing]}: share of right answers by confidence",
            ),
        )
    st.caption(
        "Over images with a single class. Below the dashed line it is right less often than it is sure. Calibration "
        "error: the mean over images of how far the share of right answers in their bin lies from its mean confidence. "
        "Small numbers: images in each bin; open marks: fewer than 30 of them, not estimable."
    )
    widgets.download(
        Download(
            run=comparison.run.name,
            name="performance_calibration",
            holds="How often the answers of each bin of confidence are right",
            rows=lambda: [
                row
                for side, test in comparison.tests.items()
                for row in answers.bin_rows(comparison.run, test, found[side].bins)
            ],
        )
    )
