"""The mean maps over the mean images, at both sites."""

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from dashboard import images
from dashboard.components.gallery import Density, Item, Overlay, gallery, sheet
from dashboard.components.picture_menu import Json, Sheet, with_menu
from dashboard.results.side import Side
from dashboard.saliency.data.boxes import BoxDensity, box_density
from dashboard.saliency.data.groups import Group
from dashboard.saliency.data.mean_maps import MeanMap, mean_map
from dashboard.saliency.subject import SaliencySelection
from dashboard.saliency.text import maps as text
from dashboard.text import saliency_methods
from dashboard.text.provenance import Provenance, of_tests
from dashboard.url_choice import url_choice

_SCALE = """
<div style="display:flex;flex-wrap:wrap;gap:.3rem .5rem;align-items:center;font-size:12.5px;opacity:.8"><span
role="img" aria-label="Saliency: clear where it is weak, amber where it is strong" style="display:inline-flex;gap:.5rem;
align-items:center">weak<span style="width:80px;height:9px;border-radius:3px;background:linear-gradient(90deg,#8a226a00
20%,#8a226a33 36%,#bc375466 52%,#e3593399 68%,#f98c0acc 84%,#f9ba23)"></span>strong</span><span>· lines: 50 and 80 % of
the peak</span>{boxes}</div>
"""

_BOXES = """
<span><span aria-hidden="true" style="display:inline-block;width:14px;height:11px;margin:0 .4rem 0 .6rem;
border:1.5px dashed #fff;background:#444;outline:1px solid #888"></span>{}</span>
"""


def chosen_group() -> Group:
    """Of which images the means are, as the address says; draws the control."""
    options = {str(group): label for group, label in text.GROUPS.items()}
    chosen = url_choice("outcome", "Images of the mean map", options)
    return next(group for group in text.GROUPS if group == chosen)


def show(selection: SaliencySelection, group: Group) -> None:
    """Draws both means, with the strongest saliency of the two as the end of their scale."""
    run, finding = selection.comparison.run, selection.finding
    found = {
        side: mean_map(run, test, finding=finding, group=group, method=selection.method)
        for side, test in selection.tests.items()
    }
    boxes = {side: box_density(run, test, finding=finding, group=group) for side, test in selection.tests.items()}
    strongest = _strongest([each for each in found.values() if each is not None])
    items = {
        side: _item(each, boxes[side], strongest=strongest, alt=text.mean_map(each, finding=finding, side=side))
        for side, each in found.items()
    }
    with with_menu(
        Sheet(sheet=lambda: _sheet(selection, items, found, boxes)),
        key="mean_maps",
        source=_source(selection, group, found),
    ):
        for column, (side, each) in zip(st.columns(2, vertical_alignment="bottom"), found.items(), strict=False):
            with column:
                st.markdown(f"{selection.badge(side)} :gray[:small[{text.mean_of(each)}]]")
                gallery(
                    [items[side]],
                    key=f"mean_map_{side}",
                    columns=1,
                    saliency="always",
                    absent=_why_none(each),
                    on_open=_leads_nowhere,
                )
    if any(each is not None and each.is_estimable for each in found.values()):
        _show_scale(text.boxes(boxes))


def _why_none(found: MeanMap | None) -> str:
    if found is None:
        return "no such images"
    return "" if found.is_estimable else "too few maps for a mean"


def _show_scale(said: str) -> None:
    st.html(_SCALE.replace("{boxes}", _BOXES.format(html.escape(said)) if said else ""))


def _sheet(
    selection: SaliencySelection,
    items: Mapping[Side, Item],
    found: Mapping[Side, MeanMap | None],
    boxes: Mapping[Side, BoxDensity | None],
) -> Json:
    shown = [
        replace(item, strong=f"{side.mark} {selection.called[side]}", soft=text.legend(found[side], boxes[side]))
        for side, item in items.items()
    ]
    return sheet([("", shown)], columns=len(shown), saliency="always")


def _source(selection: SaliencySelection, group: Group, found: Mapping[Side, MeanMap | None]) -> Provenance:
    return of_tests(
        selection.comparison,
        name=f"saliency_mean_{selection.finding}",
        title=f"Mean {saliency_methods.method(selection.method)} map of {selection.finding}, {text.GROUPS[group]}",
        n={side: each.n if each is not None else 0 for side, each in found.items()},
        called=selection.called,
    )


def _strongest(found: Sequence[MeanMap]) -> float:
    """Of those that are of enough maps, as long as there is one: a mean of few is high by chance."""
    estimable = [each for each in found if each.is_estimable]
    return max((each.peak for each in estimable or found), default=0.0)


def _item(found: MeanMap | None, boxes: BoxDensity | None, *, strongest: float, alt: str) -> Item:
    src, overlay = None, None
    if found is not None and found.image is not None:
        src = images.png(found.image, height=found.side_px, width=found.side_px)
    if found is not None and strongest > 0:
        overlay = Overlay(
            values=_base64(found.values),
            height=found.height,
            width=found.width,
            strength=1 / strongest,
            peak=found.place,
            is_faint=not found.is_estimable,
        )
    density = None if boxes is None else Density(values=_base64(boxes.values), side=boxes.side)
    return Item(id=None, href="", src=src, aspect=1.0, strong="", soft="", alt=alt, overlay=overlay, density=density)


def _base64(values: bytes) -> str:
    return base64.b64encode(values).decode("ascii")


def _leads_nowhere(_: str) -> None:
    """A mean is no image that could be opened."""
