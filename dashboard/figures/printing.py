"""A figure as JSON for its menu: in the letters of a file, or with axes that can be zoomed."""

import json
import re
from collections.abc import Callable

import plotly.graph_objects as go

FAMILY = "DejaVu Sans, Bitstream Vera Sans, Verdana, Geneva, sans-serif"
"""Of the letters in a file: the first is what a PDF embeds, the next are as wide as it."""

_SCALE = 0.87
"""DejaVu is wider than the letters of the page; so scaled, its words are as long and its small letters as high."""

_SIZE = re.compile(r"(?<=font-size:)\s*(\d+(?:\.\d+)?)px")

_Change = Callable[[tuple[str, ...], object], object]


def printed(figure: go.Figure) -> str:
    """In letters that other machines have too, and that a PDF embeds, on a white ground."""
    figure.update_layout(paper_bgcolor="#FFFFFF", font_family=FAMILY)
    return json.dumps(_changed(json.loads(figure.to_json()), _in_print))


def enlarged(figure: go.Figure) -> str:
    """With axes that can be zoomed."""
    return json.dumps(_changed(json.loads(figure.to_json()), _free))


def _changed(value: object, change: _Change, place: tuple[str, ...] = ()) -> object:
    if isinstance(value, dict):
        return {name: _changed(each, change, (*place, name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_changed(each, change, place) for each in value]
    return change(place, value)


def _free(place: tuple[str, ...], value: object) -> object:
    return False if place[-1] == "fixedrange" else value


def _in_print(place: tuple[str, ...], value: object) -> object:
    *_, around, name = ("", *place)
    if around.endswith("font") and name == "size" and isinstance(value, int | float):
        return round(_SCALE * value, 2)
    if around.endswith("font") and name == "family":
        return FAMILY
    if isinstance(value, str):
        return _SIZE.sub(lambda found: f"{round(_SCALE * float(found[1]), 2)}px", value)
    return value
