"""How sure the model is: the paper's drifts in confidence."""

import streamlit as st

from dashboard import palette, widgets
from dashboard.charts.performance import confidence as charts
from dashboard.queries.overview import no_skill
from dashboard.queries.overview.accuracies import Selection
from dashboard.queries.performance import answers, confidence
from dashboard.queries.performance.regime import regime
from dashboard.sentences.performance import described, parts
from dashboard.sentences.performance.names import no_home
from dashboard.state import Place
from dashboard.views.performance.sides import tests


def show(place: Place, selection: Selection) -> None:
    """Draws the part."""
    found = {side: confidence.confidence(place.run, test) for side, test in tests(place).items()}
    lines = no_skill.no_skill(
        place.run, model=place.model, dataset=selection.site, policy=selection.abroad, role="external_test"
    )
    st.markdown(parts.how_sure(home=found["home"], abroad=found.get("abroad"), no_skill=lines))
    why = no_home(regime(place.run, place.model))
    figure = charts.confidence(
        [(side, parts.sureness(side, each, absent=why), each) for side, each in found.items()],
        palette=palette.current(),
    )
    alt = described.bins("Highest probability.", [(side, each.bins) for side, each in found.items()])
    st.plotly_chart(figure, key="confidence", config={"displayModeBar": False}, alt=alt)
    st.caption("Over images with a single class, as shares of the images of each test.")
    widgets.download(
        "Download these bins",
        lambda: widgets.csv_of(answers.csv_rows({side: each.bins for side, each in found.items()})),
        f"{place.run.name}_performance_confidence.csv",
    )
