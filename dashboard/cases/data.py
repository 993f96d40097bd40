"""The filter to drop where a list of cases is empty."""

from dataclasses import dataclass

from dashboard.results.case_filter import CaseFilter
from dashboard.results.case_list import case_counts
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey


@dataclass(frozen=True, kw_only=True)
class Loosened:
    """A filter that could be dropped.

    Attributes:
        key: As in the address.
        cases: Images that pass all others.
    """

    key: str
    cases: int


def loosened(run: RunKey, test: TestSet, wanted: CaseFilter) -> Loosened | None:
    """The one filter that brings the most images when it is dropped; None if none alone brings any."""
    found = [Loosened(key=key, cases=case_counts(run, test, wanted.without(key)).cases) for key in wanted.keys]
    best = max(found, key=lambda one: one.cases, default=None)
    return best if best is not None and best.cases else None
