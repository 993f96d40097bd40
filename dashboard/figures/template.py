"""The template of all pictures, light and dark: letters, axes, margins and what the pointer shows."""

from collections.abc import Callable

import plotly.graph_objects as go
import plotly.io as pio
import streamlit as st

from dashboard import palette
from dashboard.components.picture_menu import Chart, with_menu
from dashboard.figures.printing import enlarged, printed
from dashboard.palette import DARK, LIGHT, Palette
from dashboard.text.provenance import Provenance

SIZE_PX = 13
SMALL_PX = 12

_NAMES = {LIGHT: "second_site_light", DARK: "second_site_dark"}
_FAMILY = '"Source Sans", sans-serif'
"""The letters of the page, which Streamlit brings with it."""

_CLEAR = "rgba(0,0,0,0)"


def show_figure(draw: Callable[[Palette], go.Figure], *, key: str, alt: str, source: Provenance) -> None:
    """Draws a figure as wide as its place, in the template of the theme that the browser shows now, with its menu.

    Args:
        draw: Makes it in the colours that it is given. What it leaves open, the template says.
        key: Its own on the page.
        alt: What it shows, for those who do not see it.
        source: What it is of, for those who take it along.
    """
    colors = palette.current()
    chart = Chart(
        printed=lambda: printed(_finished(draw(LIGHT), LIGHT)),
        enlarged=lambda: enlarged(_finished(draw(colors), colors)),
    )
    with with_menu(chart, key=key, source=source):
        # Streamlit's theme would write its own letters and axes over those of the template.
        st.plotly_chart(_finished(draw(colors), colors), theme=None, key=key, config={"displayModeBar": False}, alt=alt)


def _finished(figure: go.Figure, colors: Palette) -> go.Figure:
    return figure.update_layout(template=_NAMES[colors], showlegend=False)  # no template can forbid a legend


def template(colors: Palette) -> go.layout.Template:
    """No zoom and no lines that a figure does not ask for; quiet numbers below, names of rows at the left.

    Args:
        colors: Of the theme.
    """
    axis = {
        "showgrid": False,
        "gridcolor": colors.grid,
        "zeroline": False,
        "zerolinecolor": colors.rule,
        "fixedrange": True,
        "automargin": True,
        "ticks": "",
    }
    layout = go.Layout(
        font={"family": _FAMILY, "size": SIZE_PX, "color": colors.text},
        paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR,
        margin={"l": 10, "r": 20, "t": 30, "b": 26, "pad": 8},
        hoverlabel={"bgcolor": colors.ground, "bordercolor": colors.rule, "font": {"color": colors.text}},
        xaxis={**axis, "tickfont": quiet(colors), "title": {"font": quiet(colors), "standoff": 8}},
        yaxis={**axis, "tickfont": {"color": colors.text}, "title": {"font": quiet(colors), "standoff": 4}},
        annotationdefaults={"showarrow": False},
    )
    return go.layout.Template(layout=layout)


def quiet(colors: Palette) -> dict[str, object]:
    """The letters of numbers along an axis."""
    return {"size": SMALL_PX, "color": colors.soft}


for _colors, _name in _NAMES.items():
    pio.templates[_name] = template(_colors)
