"""The four configurations in every metric: the paper's Fig. 4, and more."""

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.performance.data.configurations import Panel, best_constants, panel_gap_rows, panel_rows, panels
from dashboard.performance.figures.configurations import panels_figure
from dashboard.performance.text import alt_text, captions, headlines
from dashboard.performance.text.names import titled
from dashboard.results.baselines import baselines
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.text import cells
from dashboard.text.badges import legend
from dashboard.text.configurations import configuration_name
from dashboard.text.provenance import of_tests

_TITLE = "Each configuration in every metric (○: on training images)"
_BROUGHT_TITLE = "Each model in every metric"


def show(comparison: Comparison) -> None:
    """Draws the part."""
    found = panels(comparison)
    if not found:
        st.markdown("No configuration was tested under these label policies. Pick another policy above.")
        return
    is_alone = holdings(comparison).is_alone
    if answer := headlines.configurations(found, model=comparison.model, is_alone=is_alone):
        widgets.answer(answer)
    st.markdown(legend(holdings(comparison)))
    constants = best_constants(found, external=baselines(comparison, kind="external_test"))
    if drawn := [panel for panel in found if panel.has_number]:
        show_figure(
            lambda colors: panels_figure(drawn, constants=constants, palette=colors),
            key="panels",
            alt=alt_text.panels(found),
            source=of_tests(
                comparison,
                name="performance_configurations",
                title=_BROUGHT_TITLE if comparison.is_brought else _TITLE,
            ),
        )
    _show_gaps(found)
    notes = (
        captions.macro_note(found, model=comparison.model, has_patients=comparison.has_patients),
        captions.undefined_note(found),
        captions.none_estimable(found),
    )
    st.caption(" ".join(note for note in (captions.rests_on(found, is_alone=is_alone), *notes) if note))
    widgets.download(
        Download(
            run=comparison.run.name,
            name="performance_configurations",
            holds="Every metric of all classes together, of each configuration",
            rows=lambda: panel_rows(comparison, found),
            gaps=None if is_alone else lambda: panel_gap_rows(comparison, found),
        )
    )


def _show_gaps(found: tuple[Panel, ...]) -> None:
    """A row a metric and a column a configuration, where there is any gap: a model trained on all images has none."""
    told = [panel for panel in found if panel.has_gap]
    columns = {"Gap, shares in points": [titled(panel.metric) for panel in told]}
    for rows in zip(*(panel.rows for panel in told), strict=True):
        gaps = [row.configuration.lost for row in rows]
        if any(lost is not None for lost in gaps):
            columns[configuration_name(rows[0].configuration)] = [cells.gap(lost) for lost in gaps]
    if len(columns) > 1:
        widgets.table(columns, alt="The gap of each configuration in each metric: internal minus external")
