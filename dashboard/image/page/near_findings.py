"""The images that a model of findings sees most alike, of each test, with what is present on them."""

from collections.abc import Sequence

import streamlit as st

from dashboard import image_grid, widgets
from dashboard.components.picture_menu import with_menu
from dashboard.image.data.near_findings import NearFindings, near_finding_rows, near_findings
from dashboard.image.data.nearest import MOST_COMPARED, compared_of_larger
from dashboard.image.page.source import of_image
from dashboard.image.subject import ImageContext
from dashboard.image.text import nearest as text
from dashboard.results.downloads import Download

_SHOWN = 8
_COLUMNS = 4


def show(context: ImageContext) -> None:
    """Draws a row of tiles for each test that the run has."""
    run, tests = context.comparison.run, context.comparison.tests
    near = {
        side: near_findings(run, test, key=context.key, members=context.members, limit=_SHOWN)
        for side, test in tests.items()
    }
    tiles = {side: _tiles(found) for side, found in near.items()}
    groups = [(text.sheet_heading(side, site=tests[side].site), each) for side, each in tiles.items() if each]
    source = of_image(context, name="nearest", title=text.SHEET_TITLE_OF_FINDINGS)
    with with_menu(image_grid.sheet(context.comparison, groups, columns=_COLUMNS), key="nearest", source=source):
        for column, side in zip(st.columns(2, gap="medium"), near, strict=False):
            with column:
                st.markdown(text.findings_heading(side))
                if not near[side]:
                    st.markdown(f":gray[The {side.test} holds no other image with features.]")
                    continue
                image_grid.show(
                    context.comparison,
                    tiles[side],
                    key=f"nearest_{side}",
                    columns=_COLUMNS,
                    link={"from": "image"},
                )
                drawn = text.drawn_by_seed(compared_of_larger(run, tests[side], most=MOST_COMPARED))
                if said := " ".join(filter(None, (text.same_patient(near[side]), drawn))):
                    st.caption(said)
    widgets.download(
        Download(
            run=run.name,
            name="image_nearest_findings",
            holds=f"The images that the model sees most alike to the image {context.key[1]}, and what is present",
            rows=lambda: [
                row for side, test in tests.items() for row in near_finding_rows(run, test, near[side], key=context.key)
            ],
        ),
        what="this list",
    )


def _tiles(near: Sequence[NearFindings]) -> list[image_grid.Tile]:
    return [
        image_grid.Tile(
            key=each.key,
            strong=f"{each.cosine:.2f}",
            soft=f"\n{text.present_in_short(each)}",
            alt=text.near_findings_described(each),
        )
        for each in near
    ]
