"""Images drawn by seed, each with its saliency and its readers' boxes."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import image_grid, state, widgets, words
from dashboard.components.picture_menu import with_menu
from dashboard.notation import probability
from dashboard.results.downloads import Download, Row
from dashboard.results.maps import DEFAULT_METHOD
from dashboard.results.sampled_images import PER_SORT, SampledImage, Sort, boxes, sampled_images, sampled_rows, sorts
from dashboard.results.side import Side
from dashboard.saliency.subject import SaliencySelection
from dashboard.saliency.text import images as text
from dashboard.text import saliency_methods
from dashboard.text.provenance import of_tests


def show(selection: SaliencySelection) -> None:
    """Draws up to six images of each sort at both sites."""
    draw = state.seed()
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.markdown(
            f"**Drawn at random** :gray[with the probability given to {words.plain(selection.finding)}]",
            width="content",
        )
        st.button("Draw others", key="draw_others", type="tertiary", icon=":material/casino:", on_click=_draw_others)
    if state.missed():
        return
    found = {side: _drawn(selection, side, draw=draw) for side in selection.tests}
    groups = {side: _groups(selection, side, rows) for side, rows in found.items()}
    headed = [
        (f"{side.mark} {selection.called[side]}: {text.sort(sort, finding=selection.finding)}", tiles)
        for side, of_side in groups.items()
        for sort, tiles in of_side.items()
        if tiles
    ]
    picture = image_grid.sheet(
        selection.comparison, headed, columns=PER_SORT, saliency="always", method=selection.method
    )
    source = of_tests(
        selection.comparison,
        name=f"saliency_images_{selection.finding}",
        title=f"{saliency_methods.method(selection.method)} maps of {selection.finding}, images drawn at random",
        n={side: len(rows) for side, rows in found.items()},
        called=selection.called,
    )
    with with_menu(picture, key="sampled_images", source=source):
        for column, (side, of_side) in zip(st.columns(2, gap="large"), groups.items(), strict=False):
            with column:
                _show_side(selection, side, of_side)
    widgets.download(
        Download(
            run=selection.comparison.run.name,
            name="saliency_images",
            holds=f"The images drawn for {selection.finding}, with what the model made of them",
            rows=lambda: [row for side, drawn in found.items() for row in _rows(selection, side, drawn)],
        ),
        what="this list",
    )


def _rows(selection: SaliencySelection, side: Side, drawn: Sequence[SampledImage]) -> list[Row]:
    return sampled_rows(
        selection.comparison.run,
        selection.tests[side],
        drawn,
        finding=selection.finding,
        method=selection.method,
    )


def _drawn(selection: SaliencySelection, side: Side, *, draw: int) -> tuple[SampledImage, ...]:
    test = selection.comparison.test(side)
    if test is None:
        return ()
    return sampled_images(
        selection.comparison.run, test=test, finding=selection.finding, seed=draw, method=selection.method
    )


def _groups(
    selection: SaliencySelection, side: Side, rows: Sequence[SampledImage]
) -> dict[Sort, list[image_grid.Tile]]:
    marked = boxes(selection.comparison.run, keys=tuple(row.key for row in rows), finding=selection.finding)
    return {
        sort: [
            image_grid.Tile(
                key=row.key,
                strong=probability(row.share),
                soft="",
                alt=text.tile(row, finding=selection.finding, side=side),
                mark="right" if sort in ("inside", "recognized") else "wrong",
                saliency_of=selection.finding,
                boxes=marked.get(row.key, ()),
            )
            for row in rows
            if row.sort == sort
        ]
        for sort in sorts(
            selection.comparison.run, selection.tests[side], finding=selection.finding, method=selection.method
        )
    }


def _show_side(selection: SaliencySelection, side: Side, groups: Mapping[Sort, Sequence[image_grid.Tile]]) -> None:
    for sort, tiles in groups.items():
        heading = text.sort(sort, finding=selection.finding)
        st.markdown(f"{selection.badge(side)} {words.plain(heading)}{'' if tiles else ' :gray[none]'}")
        image_grid.show(
            selection.comparison,
            tiles,
            key=f"drawn_{side}_{sort}",
            columns=PER_SORT,
            saliency="always",
            method=selection.method,
            link=_link(selection, side),
        )


def _link(selection: SaliencySelection, side: Side) -> dict[str, str | None]:
    return {
        "from": "saliency",
        "at": side,
        "finding": selection.finding,
        "draw": state.asked("draw"),
        "method": None if selection.method == DEFAULT_METHOD else selection.method,
        "outcome": state.asked("outcome"),
    }


def _draw_others() -> None:
    state.go({"draw": str(state.seed() + 1)})
