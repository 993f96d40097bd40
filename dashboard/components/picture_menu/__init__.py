"""The menu at the corner of a picture: it takes the picture along as a file, and shows a chart enlarged.

A closed menu is a button and the names of its ways. What is costly is asked for when it is opened, by a rerun of the
menu's own fragment: the figure again in the colours of paper, and where the browser finds Plotly, the very file that
the plotly package brings. It lies among Streamlit's media files, from where a browser fetches it once for all pages; a
component's data would send its 4.8 MB with every menu, and a static folder would hold a copy of it.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.runtime import get_instance

from cxr_core.errors import CxrError
from dashboard.components.load import load
from dashboard.exports import pdf
from dashboard.text.provenance import Provenance

_HTML = """
<div class="menu">
  <button type="button" class="open" aria-haspopup="menu" aria-expanded="false"><svg viewBox="0 0 24 24" width="17"
    height="17" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"
    aria-hidden="true"><path d="M12 4v11m-4.5-4 4.5 4.5 4.5-4.5M5 19.5h14"/></svg></button>
  <div class="list" hidden>
    <div role="menu"></div><p class="note missing"></p><p class="note said" role="status"></p>
  </div>
</div>
"""

_SHARED = ("element", "contour", "overlay", "menu", "files", "plot", "sheet")

Way = Literal["svg", "png", "pdf", "enlarge"]
Json = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A figure of Plotly, as JSON, made when it is asked for.

    Attributes:
        printed: In the colours and letters of paper.
        enlarged: In those of the page, with axes that can be zoomed.
    """

    printed: Callable[[], str]
    enlarged: Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """An SVG, made when it is asked for."""

    svg: Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Images with what lies over them, drawn in the browser when they are asked for.

    Attributes:
        sheet: What `shared/sheet.js` draws.
    """

    sheet: Callable[[], Json]


Picture = Chart | Drawing | Sheet

_WAYS: dict[type[Picture], tuple[Way, ...]] = {
    Chart: ("svg", "pdf", "enlarge"),
    Drawing: ("svg", "pdf"),
    Sheet: ("png", "pdf"),
}


@contextmanager
def with_menu(picture: Picture, *, key: str, source: Provenance) -> Iterator[None]:
    """What is drawn within has a menu at its corner.

    Args:
        picture: What the menu takes along.
        key: Its own on the page.
        source: What is written below it.
    """
    with st.container(key=f"picture_{key}"):
        yield
        _menu(picture, key=f"menu_{key}", source=source)


@st.fragment
def _menu(picture: Picture, *, key: str, source: Provenance) -> None:
    waiting = f"{key}_asked"

    def asked() -> None:
        st.session_state[waiting] = st.session_state[key].asked

    request = st.session_state.pop(waiting, None)
    ways = _WAYS[type(picture)]
    missing = pdf.missing() if not isinstance(picture, Sheet) else ""
    load(__name__, html=_HTML, shared=_SHARED)(
        key=key,
        data={
            "ways": [way for way in ways if way != "pdf" or not missing],
            "missing": f"PDF needs: {missing}" if missing else "",
            "answer": None if request is None else _answer(request, picture, source=source),
        },
        on_asked_change=asked,
    )


def _answer(request: object, picture: Picture, *, source: Provenance) -> Json | None:
    if not isinstance(request, Mapping):
        return None
    turn = {"turn": request.get("turn")}
    try:
        return {**turn, **_made(request, picture, source=source)}
    except CxrError as error:
        return {**turn, "problem": str(error)}


def _made(request: Mapping[str, object], picture: Picture, *, source: Provenance) -> Json:
    what = request.get("what")
    if what == "pdf":
        return {"pdf": base64.b64encode(_pdf(request, source=source)).decode("ascii")}
    if what == "enlarged" and isinstance(picture, Chart):
        return {"figure": picture.enlarged()}
    told = {"name": source.stem, "title": source.heading, "caption": source.line()}
    if isinstance(picture, Chart):
        return {**told, "figure": picture.printed(), "plotly": _plotly(), "fonts": _fonts()}
    return {**told, "svg": picture.svg()} if isinstance(picture, Drawing) else {**told, "sheet": picture.sheet()}


def _pdf(request: Mapping[str, object], *, source: Provenance) -> bytes:
    title = f"{source.heading}. {source.line()}"
    drawn, pixels = request.get("svg"), request.get("png")
    if isinstance(drawn, str):
        return pdf.from_svg(drawn, title=title)
    try:
        return pdf.from_png(base64.b64decode(str(pixels), validate=True), title=title)
    except binascii.Error as error:
        raise pdf.PictureError("expected a PNG in base64, found other text") from error


def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return get_instance().media_file_mgr.add(get_plotlyjs().encode(), "text/javascript", "second_site_plotly")


def _fonts() -> list[Json]:
    return [
        {
            "address": get_instance().media_file_mgr.add(str(file), "font/ttf", f"second_site_{file.stem}"),
            "weight": "bold" if "Bold" in file.stem else "normal",
            "style": "italic" if "Oblique" in file.stem else "normal",
        }
        for file in pdf.font_files()
    ]
