"""The images that the model sees most alike: internal ones that it got right, and external ones."""

from collections.abc import Sequence

import streamlit as st

from dashboard import image_grid, widgets
from dashboard.components.picture_menu import with_menu
from dashboard.image.data.nearest import MOST_COMPARED, Near, compared_of_larger, has_features, near_rows, nearest
from dashboard.image.page import near_findings
from dashboard.image.page.source import of_image
from dashboard.image.subject import ImageContext
from dashboard.image.text.nearest import (
    SHEET_TITLE,
    drawn_by_seed,
    near_described,
    nearest_heading,
    none_near,
    same_patient,
    sheet_heading,
)
from dashboard.results import runs
from dashboard.results.downloads import Download
from dashboard.results.runs import was_trained_on
from dashboard.results.side import Side

_SHOWN = 8
_COLUMNS = 4


def show(context: ImageContext) -> None:
    """Draws a row of tiles for each site."""
    if context.answer is None and context.findings is None:
        why = "was not asked" if context.role is None else "gives no single answer"
        st.markdown(f"The model {why} about this image, so nothing is near it.")
        return
    if not has_features(context.comparison.run, key=context.key, members=context.members):
        st.markdown(
            "This run stores no features for this image, so its nearest images cannot be told. "
            "Make the run again to store them."
        )
        return
    if context.findings is not None:
        near_findings.show(context)
        return
    near = {side: _nearest(context, side) for side in Side}
    groups = [
        (sheet_heading(side, site=context.comparison.tests[side].site), _tiles(of_side))
        for side, of_side in near.items()
        if of_side
    ]
    source = of_image(context, name="nearest", title=SHEET_TITLE)
    with with_menu(image_grid.sheet(context.comparison, groups, columns=_COLUMNS), key="nearest", source=source):
        for column, side in zip(st.columns(2, gap="medium"), near, strict=True):
            with column:
                _show_side(context, side, near[side])
    widgets.download(
        Download(
            run=context.comparison.run.name,
            name="image_nearest",
            holds=f"The images that the model sees most alike to the image {context.key[1]}",
            rows=lambda: [
                row
                for side, test in context.comparison.tests.items()
                for row in near_rows(context.comparison.run, test, near[side], key=context.key)
            ],
        ),
        what="this list",
    )


def _tiles(near: Sequence[Near]) -> list[image_grid.Tile]:
    return [
        image_grid.Tile(
            key=neighbour.key,
            strong=neighbour.true,
            soft=f"{neighbour.cosine:.2f}",
            alt=near_described(neighbour),
            mark="right" if neighbour.is_right else "wrong",
            saliency_of=neighbour.predicted,
        )
        for neighbour in near
    ]


def _wanted(context: ImageContext) -> int | None:
    if context.truth is not None and context.truth.index is not None:
        return context.truth.index
    return context.answer.ensemble.predicted if context.answer else None


def _nearest(context: ImageContext, side: Side) -> tuple[Near, ...]:
    test = context.comparison.test(side)
    if test is None:
        return ()
    wanted = _wanted(context) if side is Side.INTERNAL else None
    return nearest(
        context.comparison.run, test, key=context.key, members=context.members, right_of=wanted, limit=_SHOWN
    )


def _show_side(context: ImageContext, side: Side, near: Sequence[Near]) -> None:
    wanted = _wanted(context)
    finding = runs.classes(context.comparison.run)[wanted] if wanted is not None else ""
    st.markdown(nearest_heading(side, finding=finding))
    if not near:
        internal = context.comparison.test(Side.INTERNAL)
        trained = internal is not None and was_trained_on(context.comparison.run, internal)
        why = none_near(side, finding=finding, site=context.comparison.external_dataset, is_trained_on=trained)
        st.markdown(f":gray[{why}]")
        return
    image_grid.show(
        context.comparison,
        _tiles(near),
        key=f"nearest_{side}",
        columns=_COLUMNS,
        saliency="hover",
        link={"from": "image"},
    )
    test = context.comparison.tests[side]
    drawn = drawn_by_seed(compared_of_larger(context.comparison.run, test, most=MOST_COMPARED))
    if said := " ".join(filter(None, (same_patient(near), drawn))):
        st.caption(said)
