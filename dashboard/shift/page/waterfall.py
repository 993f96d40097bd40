"""The gap as a waterfall, and what other causes than the view cost."""

from collections.abc import Sequence

import streamlit as st

from dashboard import widgets, words
from dashboard.figures.template import show_figure
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.waterfalls import OF_CAUSE, VIEW, GapParts
from dashboard.shift.data.parts import part_rows, tested
from dashboard.shift.figures.waterfall import waterfall
from dashboard.shift.text import waterfall as text
from dashboard.text import cells
from dashboard.text.causes import SCALES, cause, why_not_identifiable
from dashboard.text.intervals import over
from dashboard.text.provenance import of_tests


def show(comparison: Comparison, found: Sequence[GapParts]) -> None:
    """Draws the waterfall of one scale.

    Args:
        comparison: What it is of.
        found: Those of the scale, a cause each.
    """
    main = next((each for each in found if each.cause == VIEW), None)
    if main is None:
        return
    whose = "" if main.finding is None else f" of {main.finding}"
    images = tested(comparison, finding=main.finding)
    show_figure(
        lambda colors: waterfall(main, palette=colors),
        key="waterfall",
        alt=text.described(main),
        source=of_tests(
            comparison,
            name=f"shift_{main.scale}_{main.finding or ''}".rstrip("_"),
            title=f"The gap in {SCALES[main.scale]}{whose}, taken apart",
            n=images,
        ),
    )
    st.caption(text.footnote(main, images=images, noun=comparison.noun, intervals=over(comparison.resampled)))
    others = [each for each in found if each.cause != VIEW]
    if others:
        _show_others(others, noun=comparison.noun)
    widgets.download(
        Download(
            run=comparison.run.name,
            name="shift_waterfall",
            holds="The gap, its parts and the levels between them, by scale and cause",
            rows=lambda: part_rows(comparison),
        )
    )


def _show_others(found: Sequence[GapParts], *, noun: str) -> None:
    """Values of an attribute that the internal test lacks: what they cost instead of the view."""
    headings = ("points not won back", "points won back by thresholds")
    columns = {"Cause, instead of the view": [words.plain(cause(each.cause)) for each in found]}
    for heading, name in zip(headings, OF_CAUSE, strict=True):
        columns[heading] = [
            cells.small(why_not_identifiable(each, noun=noun))
            if each.reason
            else cells.gap(each.terms.get(name), is_bold=False)
            for each in found
        ]
    widgets.table(columns, alt="What values cost that the internal test lacks, cause by cause")
