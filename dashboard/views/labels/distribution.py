"""How the classes are mixed at both sites, under each label policy."""

from collections.abc import Sequence

import streamlit as st

from dashboard import palette, widgets
from dashboard.charts.labels.distribution import distribution
from dashboard.charts.labels.policies import policies
from dashboard.queries.labels import downloads, mixes
from dashboard.queries.labels.distances import Distance, distance
from dashboard.queries.labels.mixes import Mix
from dashboard.queries.predictions import Predictions
from dashboard.sentences.labels import mixes as sentences
from dashboard.sentences.labels.sites import site
from dashboard.state import Place
from dashboard.views.labels.sites import is_test, tests

_UNDER = {"chosen": "under the chosen policies", "all": "under each policy"}


def answer(place: Place) -> str:
    """How far the mixes of both sites are apart."""
    home, abroad, between = _mixes(place)
    return sentences.how_mixed(home, abroad, between=between, is_test=is_test(place, tests(place)[0]))


def show(place: Place) -> None:
    """Draws this part of the page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        under = widgets.choice("under", "Label policies", _UNDER)
        if under == "chosen":
            for test, mix in zip(tests(place), _mixes(place), strict=False):
                count = mix.images if isinstance(mix, Mix) else None
                st.markdown(site(test, is_test=is_test(place, test), images=count), width="content")
    if under == "chosen":
        _show_both(place)
    else:
        for test in tests(place):
            _show_policies(place, test)


def _show_both(place: Place) -> None:
    home, abroad, between = _mixes(place)
    at_home = is_test(place, tests(place)[0])
    figure = distribution(home, abroad, between=between, is_test=at_home, palette=palette.current())
    alt = sentences.mix_described(home, abroad)
    st.plotly_chart(figure, key="distribution", config={"displayModeBar": False}, alt=alt)
    _offer(place, [home, *([abroad] if abroad else [])], name="classes")


def _show_policies(place: Place, test: Predictions) -> None:
    colors = palette.current()
    color = colors.source if test.role == "internal_test" else colors.external
    found = mixes.mixes(place.run, test)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(site(test, is_test=is_test(place, test)), width="content")
        _offer(place, found, name=f"policies_{test.role}")
    figure = policies(
        found, shown=test.policy, color=color if is_test(place, test) else colors.training, palette=colors
    )
    alt = sentences.policies_described(found)
    st.plotly_chart(figure, key=f"policies_{test.role}", config={"displayModeBar": False}, alt=alt)


def _mixes(place: Place) -> tuple[Mix, Mix | None, Distance | None]:
    theirs = place.test("abroad")
    home = mixes.mix(place.run, tests(place)[0])
    abroad = mixes.mix(place.run, theirs) if theirs is not None else None
    return home, abroad, distance(home, abroad) if abroad is not None else None


def _offer(place: Place, found: Sequence[Mix], *, name: str) -> None:
    widgets.download(
        "Download these numbers",
        lambda: widgets.csv_of(downloads.of_mixes(found)),
        file_name=f"{place.run.name}_{name}.csv",
        key=f"download_{name}",
    )
