"""The mean maps over the mean images, at both sites."""

import base64
import html

import streamlit as st

from dashboard import images
from dashboard.components.gallery import Item, Overlay, gallery
from dashboard.saliency import text
from dashboard.saliency.data import Group, MeanMap, mean_map
from dashboard.saliency.subject import SaliencySelection
from dashboard.url_choice import url_choice

_SCALE = """
<div role="img" aria-label="Saliency: clear where it is weak, bright where it is strong"
style="display:flex;gap:.5rem;align-items:center;font-size:12.5px;opacity:.8">weak<span
style="width:120px;height:9px;border-radius:3px;background:linear-gradient(90deg,#4f127b00,#4f127b88 25%,#b5367a 50%,
#fb8761 75%,#fcfdbf)"></span>strong saliency{box}</div>
"""

_BOX = """
<span aria-hidden="true" style="width:14px;height:11px;margin-left:1.2rem;border:2px solid #fff;background:#444;
outline:1px solid #888"></span>{}
"""


def chosen_group() -> Group:
    """Of which images the means are, as the address says; draws the control."""
    options = {str(group): label for group, label in text.GROUPS.items()}
    chosen = url_choice("outcome", "Images of the mean map", options)
    return next(group for group in text.GROUPS if group == chosen)


def show(selection: SaliencySelection, group: Group) -> None:
    """Draws both means, with the strongest saliency of the two as the end of their scale."""
    found = {
        side: mean_map(selection.comparison.run, test, finding=selection.finding, group=group, method=selection.method)
        for side, test in selection.tests.items()
    }
    strongest = max((each.peak for each in found.values() if each is not None), default=0.0)
    for column, (side, each) in zip(st.columns(2, vertical_alignment="bottom"), found.items(), strict=False):
        with column:
            st.markdown(f"{selection.badge(side)} :gray[:small[{text.mean_of(each)}]]")
            gallery(
                [_item(each, strongest=strongest, alt=text.mean_map(each, finding=selection.finding, side=side))],
                key=f"mean_map_{side}",
                columns=1,
                saliency="always",
                absent="no such images" if each is None else "",
                on_open=_leads_nowhere,
            )
    box = text.box(found.values(), finding=selection.finding)
    st.html(_SCALE.replace("{box}", _BOX.format(html.escape(box)) if box else ""))


def _item(found: MeanMap | None, *, strongest: float, alt: str) -> Item:
    src, overlay = None, None
    if found is not None and found.image is not None:
        src = images.png(found.image, height=found.side_px, width=found.side_px)
    if found is not None and strongest > 0:
        values = base64.b64encode(found.values).decode("ascii")
        overlay = Overlay(values=values, height=found.height, width=found.width, strength=1 / strongest)
    boxes = () if found is None or found.box is None else (found.box,)
    return Item(id=None, href="", src=src, aspect=1.0, strong="", soft="", alt=alt, overlay=overlay, boxes=boxes)


def _leads_nowhere(_: str) -> None:
    """A mean is no image that could be opened."""
