"""What single networks lose, where they differ so much that others might lose another amount."""

from collections.abc import Sequence

from cxr_core.statistics.intervals import Interval
from cxr_core.statistics.members import MemberSummary, is_of_these_networks
from dashboard.notation import Estimate
from dashboard.results.configurations import Configuration
from dashboard.results.pairs import are_alike


def of_these_networks(rows: Sequence[Configuration], *, model: str) -> Estimate | None:
    """The range of what the members of an ensemble lose; None where it is narrow beside the ensemble's interval.

    Args:
        rows: A metric of the configurations of a run.
        model: The ensemble.
    """
    whole = next((row for row in rows if row.model == model), None)
    members = next((row for row in rows if whole is not None and row.regime == whole.regime and row.members), None)
    if whole is None or whole.lost is None or members is None or members.lost is None or whole.regime is None:
        return None
    if not (whole.lost.is_number and are_alike(members.internal, members.external, members.lost)):
        return None
    spread = MemberSummary(
        value=members.lost.value, low=members.lost.low, high=members.lost.high, count=members.members or 0
    )
    interval = Interval(low=whole.lost.low, high=whole.lost.high)
    return members.lost if is_of_these_networks(spread, interval) else None
