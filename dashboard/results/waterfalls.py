"""A gap taken apart: one reader of the table `waterfall`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import streamlit as st

from cxr_core.shift.naming import named
from cxr_core.statistics.intervals import Interval
from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.database import Value, ask, number
from dashboard.results.runs import class_order

Scale = Literal["balanced_accuracy", "accuracy"]

VIEW = "view"
"""The cause of the first waterfall of a scale: the projection."""

YOUDEN = "youden"

OF_CAUSE = ("cause_not_won_back", "cause_won_back")
"""The terms of a cause; not identifiable, they are part of `LAST`."""

LAST = "what_remains"

OTHER_CLASSES = "other_classes"
"""What classes cost that a site has too few images of to be compared: no level is of them."""

_ZERO = 1e-9

_SQL = """
    SELECT finding, scale, cause, part, name, value, low, high, reason FROM waterfall
    WHERE model_id = $model AND internal_dataset = $internal_dataset AND internal_policy = $internal_policy
        AND external_dataset = $external_dataset AND external_policy = $external_policy
"""


@dataclass(frozen=True, kw_only=True)
class GapParts:
    """A gap and its terms: internal minus external, a loss is positive.

    Attributes:
        finding: Of which finding; None: of all classes.
        scale: What is compared; ``youden``: sensitivity and specificity together.
        cause: What may be missing at the internal site, ``view`` or an attribute; None of ``youden``.
        gap: What the terms add up to.
        terms: In their order; NaN where one is not identifiable or not defined.
        levels: The shares of right answers between which they stand; none of ``youden``.
        other_order: The class mix if the target were the internal site's; None of ``youden``.
        reason: Why the cause is not identifiable; None: it is.
    """

    finding: str | None
    scale: str
    cause: str | None
    gap: Estimate
    terms: Mapping[str, Estimate]
    levels: Mapping[str, Estimate]
    other_order: Estimate | None
    reason: str | None

    @property
    def named(self) -> tuple[str, ...]:
        """The terms that are named as causes, the largest first."""
        return named({name: (each.value, Interval(low=each.low, high=each.high)) for name, each in self.terms.items()})

    @property
    def zero(self) -> tuple[str, ...]:
        """The terms that are 0 by definition, so that they have no interval."""
        return tuple(name for name, each in self.terms.items() if is_zero(each))


def is_zero(term: Estimate) -> bool:
    """Whether a term is 0 by definition."""
    ends = [end for end in (term.low, term.high) if not math.isnan(end)]
    return all(abs(value) < _ZERO for value in (term.value, *ends))


@st.cache_data(max_entries=64, show_spinner=False)
def waterfalls(comparison: Comparison) -> tuple[GapParts, ...]:
    """Every waterfall of a model between two tests, in class order; none under other policies than the primary ones."""
    found: dict[tuple[str | None, str, str | None], list[Sequence[Value]]] = {}
    for finding, scale, cause, *row in ask(
        comparison.run, _SQL, {"model": comparison.model, **comparison.parameters()}
    ):
        key = (None if finding is None else str(finding), str(scale), None if cause is None else str(cause))
        found.setdefault(key, []).append(row)
    order = class_order(comparison.run)
    whole = [_waterfall(key, rows) for key, rows in found.items()]
    return tuple(sorted(whole, key=lambda each: order(each.finding or "")))


def of_scale(
    found: Sequence[GapParts], scale: str, *, finding: str | None, cause: str | None = VIEW
) -> GapParts | None:
    """The waterfall of a scale; None where there is none.

    Args:
        found: From `waterfalls`.
        scale: What is compared.
        finding: Of which finding; None: of all classes.
        cause: What may be missing at the internal site; None of ``youden``.
    """
    key = (scale, finding, cause)
    return next((each for each in found if (each.scale, each.finding, each.cause) == key), None)


def _waterfall(key: tuple[str | None, str, str | None], rows: Sequence[Sequence[Value]]) -> GapParts:
    finding, scale, cause = key
    parts: dict[str, dict[str, Estimate]] = {"gap": {}, "term": {}, "level": {}, "other_order": {}}
    for part, name, value, low, high, _ in rows:
        parts[str(part)][str(name)] = Estimate(
            value=number(value), low=number(low), high=number(high), n=0, estimable=True
        )
    reasons = [cast("str", reason) for *_, reason in rows if reason is not None]
    return GapParts(
        finding=finding,
        scale=scale,
        cause=cause,
        gap=parts["gap"]["gap"],
        terms=parts["term"],
        levels=parts["level"],
        other_order=parts["other_order"].get("class_mix"),
        reason=reasons[0] if reasons else None,
    )
