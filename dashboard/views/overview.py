"""Overview: how far does it travel?"""

import streamlit as st

from dashboard import charts, palette, sentences, widgets
from dashboard.numbers import NOT_ESTIMABLE, Estimate, bracket, percent, points
from dashboard.queries.overview import no_skill, paper, recalls, tested
from dashboard.queries.overview.accuracies import Configuration, Selection, as_csv, configurations
from dashboard.state import Place


def show(place: Place) -> None:
    """Draws the page."""
    selection = Selection(internal=place.internal, home=place.home, site=place.site, abroad=place.abroad)
    rows = configurations(place.run, selection)
    st.title("How far does it travel?", anchor=False)
    row = next((row for row in rows if row.model == place.model), None)
    lines = None
    if place.site and place.abroad:
        lines = no_skill.no_skill(place.run, model=place.model, dataset=place.site, policy=place.abroad, role="external_test")
    if row is None:
        st.markdown("This model has no test under these policies.")
    else:
        st.markdown(sentences.how_far(row, abroad=lines))
    left, right = st.columns([3.4, 1], gap="large")
    with left:
        st.plotly_chart(
            charts.dumbbells(rows, best_constant=lines.best_constant if lines else None, palette=palette.current()),
            key="dumbbells", config={"displayModeBar": False}, alt="Accuracy at home and abroad",
        )
    with right:
        _show_recalls(place, selection)
    _show_table(place, rows)


def _show_recalls(place: Place, selection: Selection) -> None:
    found = recalls.recalls(place.run, selection, model=place.model)
    for row in found.estimable[:1]:
        st.markdown(f":gray[:small[Lost most]]  \n**{row.finding}**  \n:gray[:small[recall {percent(row.home)} → {percent(row.abroad)}]]")


def _show_table(place: Place, rows: tuple[Configuration, ...]) -> None:
    widgets.table(
        {
            "Configuration": [charts.configuration_name(row) for row in rows],
            "training images": [_cell(row.training) for row in rows],
            "internal test": [_cell(row.internal) for row in rows],
            "external test": [_cell(row.external) for row in rows],
            "points lost": [points(row.lost.value) if row.lost else NOT_ESTIMABLE for row in rows],
        },
        alt="Accuracies",
    )


def _cell(estimate: Estimate | None) -> str:
    return percent(estimate.value) if estimate else ""
