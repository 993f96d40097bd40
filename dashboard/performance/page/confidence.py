"""Confidence of the answers: the paper's drifts in confidence."""

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.performance.data import answers, confidence
from dashboard.performance.data.regime import regime
from dashboard.performance.figures.confidence import confidence_figure
from dashboard.performance.text import alt_text, captions
from dashboard.performance.text.names import no_internal
from dashboard.results.baselines import baselines
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.text.provenance import of_tests


def show(comparison: Comparison) -> None:
    """Draws the part."""
    found = {side: confidence.confidence(comparison.run, test) for side, test in comparison.tests.items()}
    constants = baselines(comparison, kind="external_test")
    is_alone, has_patients = holdings(comparison).is_alone, comparison.has_patients
    widgets.answer(captions.how_sure(found, baselines=constants, is_alone=is_alone, has_patients=has_patients))
    why = no_internal(regime(comparison.run, comparison.model))
    if any(each.is_estimable for each in found.values()):
        rows = [(side, captions.sureness(side, each, absent=why), each) for side, each in found.items()]
        show_figure(
            lambda colors: confidence_figure(rows, palette=colors),
            key="confidence",
            alt=alt_text.bins("Highest probability.", {side: each.bins for side, each in found.items()}),
            source=of_tests(comparison, name="performance_confidence", title="Confidence: the highest probability"),
        )
    st.caption("Over images with a single class, as shares of the images of each test.")
    widgets.download(
        Download(
            run=comparison.run.name,
            name="performance_confidence",
            holds="How many answers are how sure, and how many of them are right",
            rows=lambda: [
                row
                for side, test in comparison.tests.items()
                for row in answers.bin_rows(comparison.run, test, found[side].bins)
            ],
        )
    )
