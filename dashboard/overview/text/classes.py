"""What a class loses, beside the picture."""

from collections.abc import Sequence

from dashboard.notation import bracket, difference, first_of
from dashboard.results.pairs import Pair
from dashboard.text.gaps import way
from dashboard.words import plain


def lost_of(row: Pair, *, auroc: Pair | None) -> list[str]:
    """Recall, its gap and AUROC in both tests, plain text, a line each; nothing of what is not estimable.

    Args:
        row: Recall of the class.
        auroc: Its AUROC; None if it has none.
    """
    if row.lost is None:
        return []
    n = ", ".join(f"{score.images:,}" for score in row.sides.values())
    gap = f"gap {difference(row.lost)} {bracket(row.lost)}".strip()
    ranking = "" if auroc is None or auroc.lost is None or not auroc.lost.is_number else _both("AUROC", auroc)
    return [line for line in (f"{_both('recall', row)}, n = {n}", gap, ranking) if line]


def too_few(rows: Sequence[Pair]) -> str:
    """Which classes have too few positives, and how many."""
    return "; ".join(first_of([f"{plain(row.name)} ({_positives(row)})" for row in rows]))


def _both(label: str, row: Pair) -> str:
    if row.internal is None or row.external is None:
        return ""
    return f"{label} {way(row.internal.estimate, row.external.estimate)}"


def _positives(row: Pair) -> str:
    return ", ".join(f"{score.images:,} {side}" for side, score in row.sides.items())
