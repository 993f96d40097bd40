"""Images of a class from both sites, side by side, drawn by seed."""

from collections.abc import Sequence

import streamlit as st

from dashboard import image_grid, state, widgets
from dashboard.components.picture_menu import with_menu
from dashboard.labels.data import downloads
from dashboard.labels.data.distribution import Mix, mix
from dashboard.labels.data.prevalence import prevalence
from dashboard.labels.page.sites import is_test, source, tests
from dashboard.labels.text.images import image_described, none_of, person, view_of, what_is_drawn
from dashboard.labels.text.sites import site
from dashboard.results import runs
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.results.images import Key
from dashboard.results.pictures import load_pictures
from dashboard.results.random_sample import COUNT, random_sample
from dashboard.url_choice import url_choice

_COLUMNS = 4


def answer(comparison: Comparison) -> str:
    """How many images are shown, out of how many."""
    return what_is_drawn(
        _asked_finding(comparison), mixes=[_mix(comparison, test) for test in tests(comparison)], count=COUNT
    )


def _mix(comparison: Comparison, test: TestSet) -> Mix:
    return prevalence(comparison.run, test) if holdings(comparison).has_findings else mix(comparison.run, test)


def show(comparison: Comparison) -> None:
    """Draws this part of the page."""
    finding, seed = _asked_finding(comparison), state.seed()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        url_choice("finding", "Class", runs.classes(comparison.run))
        st.button("Draw others", key="draw", on_click=_draw_others, icon=":material/casino:", type="tertiary")
    if state.missed():
        return
    found = [
        random_sample(
            comparison.run,
            test=test,
            finding=finding,
            seed=seed,
            count=COUNT,
            has_findings=holdings(comparison).has_findings,
        )
        for test in tests(comparison)
    ]
    tiles = {
        test: _tiles(comparison, keys, finding=finding) for test, keys in zip(tests(comparison), found, strict=True)
    }
    groups = [(f"{test.side.mark} {test.site}", of_site) for test, of_site in tiles.items() if of_site]
    about = source(
        comparison,
        {test: len(of_site) for test, of_site in tiles.items()},
        name=f"images_{finding}",
        title=f"{finding}, images drawn at random",
    )
    with with_menu(image_grid.sheet(comparison, groups, columns=_COLUMNS), key="drawn", source=about):
        for column, (test, of_site) in zip(st.columns(2, gap="large"), tiles.items(), strict=False):
            with column:
                st.markdown(site(test, is_test=is_test(comparison, test)))
                if of_site:
                    _show_tiles(comparison, of_site, test=test)
                else:
                    st.markdown(none_of(finding))
    widgets.download(
        Download(
            run=comparison.run.name,
            name="labels_images",
            holds=f"The images drawn for {finding} at both sites",
            rows=lambda: [
                row
                for test, keys in zip(tests(comparison), found, strict=True)
                for row in downloads.drawn_rows(comparison.run, test, keys, finding=finding)
            ],
        ),
        what="this list",
    )


def _tiles(comparison: Comparison, keys: Sequence[Key], *, finding: str) -> list[image_grid.Tile]:
    pictures = load_pictures(comparison.run, tuple(keys))
    return [
        image_grid.Tile(
            key=key,
            strong=view_of(pictures.get(key)),
            soft=person(pictures.get(key)),
            alt=image_described(pictures.get(key), finding=finding),
        )
        for key in keys
    ]


def _show_tiles(comparison: Comparison, shown: Sequence[image_grid.Tile], *, test: TestSet) -> None:
    link = {"from": "labels", "finding": state.asked("finding"), "draw": state.asked("draw")}
    image_grid.show(comparison, shown, key=f"drawn_{test.role}", columns=_COLUMNS, link=link)


def _asked_finding(comparison: Comparison) -> str:
    classes = runs.classes(comparison.run)
    return state.choose("finding", "the class", classes, default=classes[0])


def _draw_others() -> None:
    state.go({"draw": str(state.seed() + 1)})
