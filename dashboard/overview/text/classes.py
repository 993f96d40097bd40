"""What a class loses, beside the picture."""

from collections.abc import Sequence

from dashboard.notation import bracket, difference, first_of
from dashboard.results.pairs import Pair
from dashboard.text.counts import of_both
from dashboard.text.gaps import way
from dashboard.words import plain


def recall_change(row: Pair) -> str:
    """``recall 56.0 → 10.0 %, gap 46.0 points [41.0, 51.0], 108 internal, 7,908 external positives``."""
    return f"{_changed('recall', row)}, {of_both(row)}"


def auroc_change(row: Pair | None) -> str:
    """``AUROC 0.924 → 0.838, gap 0.086 [0.030, 0.141]``; empty where it is not estimable at both sites."""
    return "" if row is None or row.lost is None or not row.lost.is_number else _changed("AUROC", row)


def too_few(rows: Sequence[Pair]) -> str:
    """Which classes have too few positives, and how many."""
    return "; ".join(first_of([f"{plain(row.name)} ({_positives(row)})" for row in rows]))


def _changed(label: str, row: Pair) -> str:
    if row.internal is None or row.external is None or row.lost is None:
        return ""
    both = way(row.internal.estimate, row.external.estimate)
    return f"{label} {both}, gap {difference(row.lost)} {bracket(row.lost)}".strip()


def _positives(row: Pair) -> str:
    return ", ".join(f"{score.images:,} {side}" for side, score in row.sides.items())
