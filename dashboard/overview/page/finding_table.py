"""The table of means over findings: a row a model, a run or a site, and a metric."""

from collections.abc import Callable, Mapping, Sequence

from dashboard import widgets, words
from dashboard.overview.data.finding_means import FindingMeans
from dashboard.overview.text import findings as text
from dashboard.results.comparison import Comparison
from dashboard.results.side import Side
from dashboard.text import cells
from dashboard.text.findings import LABELS

_NAMES: Mapping[str, Callable[[FindingMeans], str]] = {
    "Model": lambda each: each.comparison.model,
    "Run": text.run_of,
    "External site": text.site_of,
}


def show(comparison: Comparison, shown: Sequence[FindingMeans], *, title: str) -> None:
    """Draws the table.

    Args:
        comparison: The one that the page is about: its row is bold.
        shown: From the top.
        title: What a row is: ``Model``, ``Run`` or ``External site``.
    """
    rows = [(each, metric, pair) for each in shown for metric, pair in each.means.items()]
    is_bold = [each.comparison == comparison for each, *_ in rows]
    names = [words.plain(_NAMES[title](each)) for each, *_ in rows]
    columns: dict[str, Sequence[str]] = {
        title: [f"**{name}**" if is_own else name for name, is_own in zip(names, is_bold, strict=True)],
        "Mean over findings": [LABELS[metric] for _, metric, _ in rows],
    }
    for side in Side:
        if any(side in pair.sides for *_, pair in rows):
            found = [pair.of(side) for *_, pair in rows]
            columns[side.badge()] = [
                cells.share(None if number is None else number.estimate, absent="none", is_bold=is_own)
                for number, is_own in zip(found, is_bold, strict=True)
            ]
    if any(pair.lost is not None for *_, pair in rows):
        columns["gap, shares in points"] = [
            cells.gap(pair.lost, absent="no gap", is_bold=is_own)
            for (*_, pair), is_own in zip(rows, is_bold, strict=True)
        ]
    widgets.table(columns, alt=f"The means over findings of each {title[:1].lower()}{title[1:]}")
