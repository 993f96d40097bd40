"""Confusion: what is taken for what?"""

from dashboard.confusion.page import classes, findings
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import holdings

__all__ = ["show"]


def show(comparison: Comparison) -> None:
    """Draws the page."""
    if holdings(comparison).has_findings:
        findings.show(comparison)
    else:
        classes.show(comparison)
