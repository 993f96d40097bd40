"""Findings that do not exclude each other, in words: what is measured of each, and where it cannot be."""

from collections.abc import Collection, Sequence

from cxr_core.metrics.catalogue import at_threshold
from dashboard.notation import first_of
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.words import listed, plain

LABELS = {
    "auroc": "AUROC",
    "average_precision": "average precision",
    "recall": "sensitivity",
    "specificity": "specificity",
    "precision": "PPV",
    "npv": "NPV",
    "accuracy": "accuracy",
}
"""What is measured of a finding, as reports of tests name it."""

RANKINGS = ("auroc", "average_precision")
"""Those of scores alone, over all thresholds."""

AT_THRESHOLD = tuple(name for name in LABELS if name in {one.name for one in at_threshold(is_mean=False)})
"""Those of a threshold, or of flags."""


def measured(*, has_scores: bool, is_at_threshold: bool) -> dict[str, str]:
    """What can be asked of a finding, from its name in the catalogue to its label.

    Args:
        has_scores: Whether there are probabilities.
        is_at_threshold: Whether there are thresholds or flags.
    """
    names = (*(RANKINGS if has_scores else ()), *(AT_THRESHOLD if is_at_threshold else ()))
    return {name: LABELS[name] for name in names}


def unknown(rows: Sequence[Pair], *, sides: Collection[Side]) -> str:
    """Which findings are not known in a test, plain sentences in Markdown; empty where all are.

    A finding is unknown where its site does not label it, or the model says nothing of it.

    Args:
        rows: A metric of every finding.
        sides: The tests that there are.
    """
    without = {
        side: [row.name for row in rows if (number := row.of(side)) is None or number.estimate.n == 0] for side in sides
    }
    nowhere = [row.name for row in rows if all(row.name in names for names in without.values())]
    said = [f"Without a label or without a prediction: {_named(nowhere)}."] if nowhere else []
    said += [
        f"Not known {side.where}, and so without a gap: {_named(here)}."
        for side in Side
        if (here := [name for name in without.get(side, ()) if name not in nowhere])
    ]
    return " ".join(said)


def _named(names: Sequence[str]) -> str:
    return listed(first_of([plain(name) for name in names]))
