"""What every finding reaches at its threshold, or as it is flagged, beside AUROC."""

import streamlit as st

from dashboard import widgets, words
from dashboard.notation import FEWEST, plural
from dashboard.performance.data import threshold as data
from dashboard.performance.text import threshold as text
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.text import cells
from dashboard.text.findings import LABELS
from dashboard.text.intervals import as_counted, over


def show(comparison: Comparison) -> None:
    """Draws the part."""
    held = holdings(comparison)
    rows = data.rows(comparison)
    if not rows:
        st.markdown("This model was not tested under these label policies. Pick another policy above.")
        return
    widgets.answer(text.answer(data.means(comparison), is_compared=held.is_compared))
    columns = {"Finding": [words.plain(row.finding) if row.is_first else "" for row in rows]}
    if any(row.threshold is not None for row in rows):
        columns["threshold"] = [text.threshold(row) if row.is_first else "" for row in rows]
    columns["positives"] = [row.side.badge(text.positives(row)) for row in rows]
    for metric in data.metrics(comparison):
        columns[LABELS[metric]] = [
            cells.share(None if number is None else number.estimate, absent="none", is_bold=False)
            if (number := row.numbers.get(metric)) is None or number.estimate.is_number
            else cells.small(text.why(number))
            for row in rows
        ]
    widgets.table(columns, alt="What every finding reaches at its threshold")
    worth, intervals = as_counted(has_patients=comparison.has_patients), over(comparison.resampled)
    few = f"Not estimable: fewer than {FEWEST} {plural(comparison.noun)} that count{worth}."
    first = " What changed most first." if held.is_compared else ""
    rests = f"{text.positive_means(rows)}{first} {text.marks(held.tests)}"
    st.caption(f"{rests} {few} In brackets: 95 % intervals {intervals}.")
    widgets.download(
        Download(
            run=comparison.run.name,
            name="performance_threshold",
            holds="What every finding reaches at its threshold, beside AUROC",
            rows=lambda: data.number_rows_of(comparison),
            gaps=(lambda: data.gap_rows_of(comparison)) if held.is_compared else None,
        )
    )
