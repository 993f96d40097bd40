from pathlib import Path

import plotly.io as pio
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.figures import template
from dashboard.palette import DARK, LIGHT, Palette, contrast
from tests.support.pages import figures

THEMES = {"second_site_light": LIGHT, "second_site_dark": DARK}


@pytest.mark.parametrize(("name", "colors"), THEMES.items(), ids=list(THEMES))
def test_each_theme_has_letters_that_can_be_read_on_its_ground(name: str, colors: Palette) -> None:
    layout = pio.templates[name].layout
    letters = (
        layout.font,
        layout.xaxis.tickfont,
        layout.yaxis.tickfont,
        layout.xaxis.title.font,
        layout.hoverlabel.font,
    )
    assert min(contrast(font.color, colors.ground) for font in letters) >= 4.5
    assert layout.hoverlabel.bgcolor == colors.ground


def test_no_axis_can_be_zoomed_and_no_word_has_an_arrow() -> None:
    layout = pio.templates["second_site_light"].layout
    assert layout.xaxis.fixedrange
    assert layout.yaxis.fixedrange
    assert layout.annotationdefaults.showarrow is False


def _script() -> None:
    import plotly.graph_objects as go

    from dashboard.figures.template import show_figure
    from dashboard.text.provenance import Provenance

    source = Provenance(run="demo", name="bar", title="A bar")
    show_figure(lambda _: go.Figure(go.Bar(x=[1], y=[2])), key="one", alt="A bar.", source=source)


def test_a_figure_is_shown_in_the_template_and_not_in_the_theme_of_streamlit() -> None:
    app = AppTest.from_function(_script).run()
    (chart,) = app.get("plotly_chart")
    assert (chart.proto.theme, chart.proto.alt) == ("", "A bar.")
    (figure,) = figures(app)
    assert figure["layout"]["template"]["layout"]["font"]["color"] == LIGHT.text
    assert figure["layout"]["showlegend"] is False


def test_no_page_shows_a_figure_otherwise() -> None:
    modules = Path(template.__file__).parents[1].rglob("*.py")
    assert [path for path in modules if ".plotly_chart(" in path.read_text()] == [Path(template.__file__)]
