"""Images drawn by seed, each with its saliency and its readers' boxes."""

from collections.abc import Sequence

import streamlit as st

from dashboard import state, tiles, widgets, words
from dashboard.notation import probability
from dashboard.queries.maps import DEFAULT_METHOD
from dashboard.queries.saliency.drawn import DRAWN, Drawn, as_rows, boxes, drawn, sorts
from dashboard.results.side import Side
from dashboard.sentences import saliency as sentences
from dashboard.views.saliency.shown import Shown


def show(shown: Shown) -> None:
    """Draws up to six images of each sort at both sites."""
    draw = state.seed()
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.markdown(
            f"**Drawn at random** :gray[with the probability given to {words.plain(shown.finding)}]", width="content"
        )
        st.button("Draw others", key="draw_others", type="tertiary", icon=":material/casino:", on_click=_draw_others)
    found = {side: _drawn(shown, side, draw=draw) for side in shown.seen}
    for column, (side, rows) in zip(st.columns(2, gap="large"), found.items(), strict=False):
        with column:
            _show_side(shown, side, rows)
    widgets.download(
        "Download this list",
        lambda: widgets.csv_of([row for rows in found.values() for row in as_rows(rows, finding=shown.finding)]),
        file_name=f"{shown.comparison.run.name}_saliency_images.csv",
        key="download_drawn",
    )


def _drawn(shown: Shown, side: Side, *, draw: int) -> tuple[Drawn, ...]:
    test = shown.comparison.test(side)
    if test is None:
        return ()
    return drawn(shown.comparison.run, test=test, finding=shown.finding, seed=draw, method=shown.method)


def _show_side(shown: Shown, side: Side, rows: Sequence[Drawn]) -> None:
    marked = boxes(shown.comparison.run, keys=tuple(row.key for row in rows), finding=shown.finding)
    for sort in sorts(shown.comparison.run, shown.seen[side], finding=shown.finding, method=shown.method):
        of_sort = [row for row in rows if row.sort == sort]
        heading = sentences.sort(sort, finding=shown.finding)
        st.markdown(f"{shown.badge(side)} {words.plain(heading)}{'' if of_sort else ' :gray[none]'}")
        tiles.show(
            shown.comparison,
            [
                tiles.Tile(
                    key=row.key,
                    strong=probability(row.share),
                    soft="",
                    alt=sentences.tile(row, finding=shown.finding, side=side),
                    mark="right" if sort in ("inside", "recognized") else "wrong",
                    saliency_of=shown.finding,
                    boxes=marked.get(row.key, ()),
                )
                for row in of_sort
            ],
            key=f"drawn_{side}_{sort}",
            columns=DRAWN,
            saliency="always",
            method=shown.method,
            link=_link(shown, side),
        )


def _link(shown: Shown, side: Side) -> dict[str, str | None]:
    return {
        "from": "saliency",
        "at": side,
        "finding": shown.finding,
        "draw": state.asked("draw"),
        "method": None if shown.method == DEFAULT_METHOD else shown.method,
        "outcome": state.asked("outcome"),
    }


def _draw_others() -> None:
    state.go({"draw": str(state.seed() + 1)})
