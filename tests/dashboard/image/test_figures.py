import math
from xml.etree import ElementTree as ET

from dashboard.components.probabilities import Bar
from dashboard.exports.svg import checked
from dashboard.image.figures import probabilities_drawing
from dashboard.palette import LIGHT

SVG = "{http://www.w3.org/2000/svg}"


def test_a_bar_is_as_long_as_its_probability_and_what_is_none_has_no_bar() -> None:
    svg = probabilities_drawing(
        [
            Bar(finding="A & <B>", probability=0.25, members=(0.2, 0.3), said="predicted", mark="wrong"),
            Bar(finding="C", probability=0.5, members=(0.5, math.nan), said="", mark="none"),
            Bar(finding="D", probability=math.nan, members=(), said="true class", mark="right"),
        ],
        palette=LIGHT,
    )
    checked(svg)
    drawn = ET.fromstring(svg)  # noqa: S314 (made here)
    first, second = (float(bar.attrib["width"]) for bar in drawn.iter(f"{SVG}rect"))
    assert second == 2 * first
    ticks = [path for path in drawn.iter(f"{SVG}path") if path.attrib["stroke"] == LIGHT.text]
    assert len(ticks) == 3
    texts = [text.text for text in drawn.iter(f"{SVG}text")]
    assert [text for text in texts if text and text[0] in "ACD"] == ["A & <B> (predicted)", "C", "D (true class)"]
    assert {"25.0\u00a0%", "50.0\u00a0%", "no probability"} <= set(texts)
