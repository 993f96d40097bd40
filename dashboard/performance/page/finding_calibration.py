"""Calibration of a finding: the share of images that have it, by the score that they are given."""

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.notation import FEWEST, plural
from dashboard.performance.data import answers
from dashboard.performance.data.calibration import Spacing, finding_reliability
from dashboard.performance.figures.calibration import of_scores, reliability_figure
from dashboard.performance.text import alt_text
from dashboard.performance.text.calibration import SPACINGS, calibration, finding_calibration
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice


def show(comparison: Comparison) -> None:
    """Draws the part."""
    with st.container(horizontal=True, gap="medium"):
        finding = url_choice("finding", "Class", runs.classes(comparison.run))
        spacing: Spacing = "count" if url_choice("bins", "Bins", SPACINGS) == "count" else "width"
    tests = {side: test for side, test in comparison.tests.items() if side in holdings(comparison).tests}
    found = {
        side: finding_reliability(comparison.run, test, finding=finding, spacing=spacing)
        for side, test in tests.items()
    }
    widgets.answer(finding_calibration(finding, found))
    if any(each.is_estimable for each in found.values()):
        rows = [
            (side, calibration(side, each, absent="not known here", noun=tests[side].noun), each)
            for side, each in found.items()
        ]
        show_figure(
            lambda colors: reliability_figure(rows, said=of_scores(comparison.noun), palette=colors),
            key="reliability",
            alt=alt_text.bins(
                f"Reliability of {finding}.", {side: each.bins for side, each in found.items()}, right="with it"
            ),
            source=of_tests(
                comparison,
                name=f"performance_calibration_{finding}",
                title=f"Reliability of {finding}, {SPACINGS[spacing]}: share with the finding by score",
                n={side: each.n for side, each in found.items()},
            ),
        )
    many = plural(comparison.noun)
    st.caption(
        f"Over the {many} where its presence is known. Below the dashed line fewer have it than the scores say. "
        f"Calibration error: the mean over {many} of how far the share with it in their bin lies from its mean score. "
        f"Small numbers: {many} in each bin; open marks: fewer than {FEWEST} of them, not estimable."
    )
    widgets.download(
        Download(
            run=comparison.run.name,
            name="performance_calibration_findings",
            of=finding,
            holds=f"How often {finding} is there in each bin of its scores",
            rows=lambda: [
                row
                for side, test in tests.items()
                for row in answers.score_bin_rows(comparison.run, test, found[side].bins, finding=finding)
            ],
        )
    )
