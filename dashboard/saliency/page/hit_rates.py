"""Hit rates against readers' boxes, beside those of the usual place."""

from collections.abc import Mapping

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.results.downloads import Download
from dashboard.results.hit_rates import Pointing, hit_rate_rows
from dashboard.results.side import Side
from dashboard.saliency import figures
from dashboard.saliency.subject import SaliencySelection
from dashboard.saliency.text import rates as text
from dashboard.saliency.text.images import at
from dashboard.text import saliency_methods
from dashboard.text.provenance import of_tests


def show(selection: SaliencySelection, rates: Mapping[Side, tuple[Pointing, ...]]) -> None:
    """Draws a row a class for each site with boxes; training images have no place in it."""
    tested = {side: rates[side] for side, test in selection.tests.items() if test.is_pointed_at}
    if not any(pointing.rate.n for of_side in tested.values() for pointing in of_side):
        st.markdown(text.why_no_rates(selection.tests))
        return
    rows = [
        figures.HitRateRow(
            pointing=found,
            side=side,
            label=found.finding if len(tested) == 1 else at(found.finding, side),
            is_bold=found.finding == selection.finding,
        )
        for of_class in zip(*tested.values(), strict=True)
        for side, found in zip(tested, of_class, strict=True)
    ]
    st.markdown(f":gray[:small[{text.rates_of(tested)}]]")
    show_figure(
        lambda colors: figures.hit_rates(rows, palette=colors),
        key="hit_rates",
        alt=text.described(tested),
        source=of_tests(
            selection.comparison,
            name="saliency_hit_rates",
            title=f"Hit rates of {saliency_methods.method(selection.method)} against readers' boxes",
            n={side: sum(found.rate.n for found in of_side) for side, of_side in tested.items()},
        ),
    )
    st.caption(text.footnote(tested))
    run = selection.comparison.run
    widgets.download(
        Download(
            run=run.name,
            name="saliency_hit_rates",
            holds="How often the peak lies in a reader's box, class by class, and what the usual place scores",
            rows=lambda: [
                row
                for side, found in tested.items()
                for row in hit_rate_rows(run, selection.tests[side], found, method=selection.method)
            ],
        )
    )
