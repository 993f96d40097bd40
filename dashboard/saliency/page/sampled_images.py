"""Images drawn by seed, each with its saliency and its readers' boxes."""

from collections.abc import Sequence

import streamlit as st

from dashboard import image_grid, state, widgets, words
from dashboard.notation import probability
from dashboard.results.downloads import Download, Row
from dashboard.results.maps import DEFAULT_METHOD
from dashboard.results.sampled_images import PER_SORT, SampledImage, boxes, sampled_images, sampled_rows, sorts
from dashboard.results.side import Side
from dashboard.saliency import text
from dashboard.saliency.subject import SaliencySelection


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
    for column, (side, rows) in zip(st.columns(2, gap="large"), found.items(), strict=False):
        with column:
            _show_side(selection, side, rows)
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


def _show_side(selection: SaliencySelection, side: Side, rows: Sequence[SampledImage]) -> None:
    marked = boxes(selection.comparison.run, keys=tuple(row.key for row in rows), finding=selection.finding)
    for sort in sorts(
        selection.comparison.run, selection.tests[side], finding=selection.finding, method=selection.method
    ):
        of_sort = [row for row in rows if row.sort == sort]
        heading = text.sort(sort, finding=selection.finding)
        st.markdown(f"{selection.badge(side)} {words.plain(heading)}{'' if of_sort else ' :gray[none]'}")
        image_grid.show(
            selection.comparison,
            [
                image_grid.Tile(
                    key=row.key,
                    strong=probability(row.share),
                    soft="",
                    alt=text.tile(row, finding=selection.finding, side=side),
                    mark="right" if sort in ("inside", "recognized") else "wrong",
                    saliency_of=selection.finding,
                    boxes=marked.get(row.key, ()),
                )
                for row in of_sort
            ],
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
