import json

import plotly.graph_objects as go

from dashboard.figures.printing import FAMILY, enlarged, printed
from dashboard.figures.template import SIZE_PX


def _figure() -> go.Figure:
    figure = go.Figure(go.Scatter(x=[1], y=[2], marker={"size": 11}, textfont={"size": 12}))
    figure.add_annotation(text="<span style='font-size:12px'>n</span>", font={"family": "Source Sans"})
    return figure.update_layout(template="second_site_dark", xaxis={"fixedrange": True})


def test_a_printed_figure_has_letters_that_others_have_as_wide_as_those_of_the_page_on_white() -> None:
    spec = json.loads(printed(_figure()))
    layout = spec["layout"]
    assert layout["paper_bgcolor"] == "#FFFFFF"
    assert layout["font"]["family"] == layout["annotations"][0]["font"]["family"] == FAMILY
    assert layout["template"]["layout"]["font"] | {"family": FAMILY} == layout["template"]["layout"]["font"]
    assert layout["template"]["layout"]["font"]["size"] == round(0.87 * SIZE_PX, 2)
    assert spec["data"][0]["textfont"]["size"] == 10.44
    assert spec["data"][0]["marker"]["size"] == 11
    assert layout["annotations"][0]["text"] == "<span style='font-size:10.44px'>n</span>"


def test_an_enlarged_figure_can_be_zoomed_and_is_otherwise_that_of_the_page() -> None:
    given = json.loads(_figure().to_json())
    spec = json.loads(enlarged(_figure()))
    axes = (spec["layout"]["xaxis"], *(spec["layout"]["template"]["layout"][name] for name in ("xaxis", "yaxis")))
    assert [axis["fixedrange"] for axis in axes] == [False, False, False]
    assert spec["data"] == given["data"]
    assert spec["layout"]["annotations"] == given["layout"]["annotations"]
