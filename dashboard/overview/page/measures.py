"""The table of what a model reaches by other numbers, beside the raw gap."""

from dashboard import widgets, words
from dashboard.overview.data.measures import Measure, measures
from dashboard.overview.data.other_runs import RunSummary
from dashboard.overview.text import measures as text
from dashboard.results.comparison import Comparison
from dashboard.results.primary import differs, primary
from dashboard.results.side import Side
from dashboard.text import cells
from dashboard.text.gaps import could_have_seen


def show(own: RunSummary) -> None:
    """Draws it; nothing where the gap was not taken apart."""
    found = measures(own)
    if not found:
        return
    of_primary = _primary_metric(own.comparison)
    is_first = [each.metric == of_primary for each in found]
    columns = {
        words.plain(own.comparison.model_name): [
            text.name(each.metric, is_primary=is_own) for each, is_own in zip(found, is_first, strict=True)
        ],
        Side.INTERNAL.badge(): [
            _of(each, Side.INTERNAL, is_bold=is_own) for each, is_own in zip(found, is_first, strict=True)
        ],
        Side.EXTERNAL.badge(): [
            _of(each, Side.EXTERNAL, is_bold=is_own) for each, is_own in zip(found, is_first, strict=True)
        ],
        "gap, shares in points": [_gap(each, is_bold=is_own) for each, is_own in zip(found, is_first, strict=True)],
    }
    widgets.table(columns, alt=text.ALT)


def _primary_metric(comparison: Comparison) -> str | None:
    """What was declared, if the page is about it."""
    declared = primary(comparison)
    if declared is None or differs(comparison, declared, shown=None, sides=frozenset(Side), has_model=True):
        return None
    return declared.metric


def _of(measure: Measure, side: Side, *, is_bold: bool) -> str:
    estimate = measure.internal if side is Side.INTERNAL else measure.external
    return cells.share(estimate, absent="none", is_bold=is_bold)


def _gap(measure: Measure, *, is_bold: bool) -> str:
    seen = "" if measure.lost is None else cells.small(could_have_seen(measure.lost))
    return f"{cells.gap(measure.lost, absent='no gap', is_bold=is_bold)} {seen}".strip()
