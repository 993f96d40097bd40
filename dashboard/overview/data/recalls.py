"""Recalls of the classes that are lost on the way, and of those that are kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.results.class_scores import class_scores
from dashboard.results.comparison import Comparison
from dashboard.results.pairs import Pair


@dataclass(frozen=True, kw_only=True)
class Recalls:
    """The classes worth naming; the recall of each has a loss, and so both tests.

    Attributes:
        lost: The two that lose most, of those that clearly lose (interval above 0), the larger first.
        kept: The one that loses least, unless it is named as lost already; None if there is none.
        too_few: Those with too few positives at one of the sites, in class order.
        aurocs: AUROC of each class, by its name.
    """

    lost: tuple[Pair, ...]
    kept: Pair | None
    too_few: tuple[Pair, ...]
    aurocs: Mapping[str, Pair]


def recalls(comparison: Comparison) -> Recalls:
    """What each class loses of its recall; nothing is named if the model has no internal or no external test."""
    losses = [(pair, pair.lost) for pair in class_scores(comparison, metric="recall") if pair.lost is not None]
    known = sorted((loss for loss in losses if loss[1].is_number), key=lambda loss: -loss[1].value)
    # The last one is the one kept best; it is lost as well only where no other class can be compared.
    lost = tuple(pair for pair, by in known[:-1] or known if by.low > 0)
    return Recalls(
        lost=lost[:2],
        kept=known[-1][0] if known and known[-1][0] not in lost else None,
        too_few=tuple(pair for pair, by in losses if not by.is_number),
        aurocs={pair.name: pair for pair in class_scores(comparison, metric="auroc")},
    )
