"""Two-by-two tables of findings in words."""

import math
from collections.abc import Mapping, Sequence

from dashboard.notation import MANY, NOT_ESTIMABLE, Estimate, bracket, counted, decimal, percent, points
from dashboard.results.case_filter import Outcome
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.differences import may_be_chance
from dashboard.results.side import Side
from dashboard.results.two_by_two import TwoByTwo
from dashboard.text.case_captions import OUTCOMES
from dashboard.words import plain

NOTHING = "No finding is both labelled and predicted in a test of this run, so nothing can be compared."


def answer(comparison: Comparison, found: Mapping[Side, Mapping[str, TwoByTwo]], names: Sequence[str]) -> str:
    """What is missed, and flagged for nothing, of the finding that changed most."""
    if not names:
        return NOTHING
    name = names[0]
    said = [_wrong(tables[name], comparison.tests[side]) for side, tables in found.items() if tables[name].images]
    return f"**{plain(name)}**: {'; '.join(said)}."


def cell(table: TwoByTwo, outcome: Outcome, *, side: Side, noun: str) -> str:
    """``Edema missed in the external test: 44 of 81 images with it (54.3 % [42.1, 66.0])``, in plain text."""
    return f"{table.finding}, {OUTCOMES[outcome]}, in the {side.test}: {_of_row(table, outcome, noun=noun)}"


def cell_of_column(table: TwoByTwo, outcome: Outcome, *, side: Side, noun: str) -> str:
    """The same as a share of what is flagged, or of what is not."""
    share = table.share_of_column(outcome)
    whole = "flagged" if outcome in ("true_positive", "false_alarm") else "not flagged"
    some = f"{table.counts[outcome]:,} of {counted(share.n, noun)} {whole}"
    return f"{table.finding}, {OUTCOMES[outcome]}, in the {side.test}: {some}{_in_brackets(share, noun=noun)}"


def cell_difference(
    internal: TwoByTwo, external: TwoByTwo, outcome: Outcome, *, change: Estimate | None, noun: str
) -> str:
    """A cell in both tests and what lies between them, in plain text."""
    tables = {Side.INTERNAL: internal, Side.EXTERNAL: external}
    parts = [f"{_of_row(table, outcome, noun=noun)} {side.where}" for side, table in tables.items()]
    said = f"{internal.finding}, {OUTCOMES[outcome]}: {', '.join(parts)}"
    if change is None or not change.is_number:
        return said
    spread = bracket(change) or "without an interval"
    chance = ", which may be chance" if bracket(change) and may_be_chance(change) else ""
    return f"{said}; {points(change.value)} points {spread}{chance}"


def chosen(table: TwoByTwo, outcome: Outcome, *, test: TestSet) -> str:
    """The cell that is chosen, in Markdown, above its images."""
    return f"**{plain(table.finding)}**, {OUTCOMES[outcome]}, in the {test.side.test}: " + _of_row(
        table, outcome, noun=test.noun
    )


def thresholds(tables: Sequence[TwoByTwo]) -> str:
    """From which scores up findings are flagged."""
    scored = {table.finding: table.threshold for table in tables if not math.isnan(table.threshold)}
    if not scored:
        return "Flagged: as the predictions say."
    usual = max(set(scored.values()), key=list(scored.values()).count)
    others = [f"{plain(name)} {decimal(value)}" for name, value in scored.items() if value != usual]
    if len(others) > MANY:
        others = [*others[:MANY], f"{len(others) - MANY:,} more of their own"]
    own = f"; {', '.join(others)}" if others else ""
    return f"Flagged: a score of {decimal(usual)} or more{own}."


def _wrong(table: TwoByTwo, test: TestSet) -> str:
    missed, flagged = table.counts["missed"], table.counts["false_alarm"]
    with_it = f"**{missed:,}** of {counted(table.present, test.noun)} with it {'is' if missed == 1 else 'are'} missed"
    return f"{test.side.where} {with_it} and **{flagged:,}** of {table.images - table.present:,} without it flagged"


def _of_row(table: TwoByTwo, outcome: Outcome, *, noun: str) -> str:
    share = table.share_of_row(outcome)
    whole = "with it" if outcome in ("true_positive", "missed") else "without it"
    return f"{table.counts[outcome]:,} of {counted(share.n, noun)} {whole}{_in_brackets(share, noun=noun)}"


def _in_brackets(share: Estimate, *, noun: str) -> str:
    if not share.n:
        return ""
    if not share.is_number:
        return f" ({NOT_ESTIMABLE} as a share: {counted(share.n, noun)})"
    return f" ({' '.join(filter(None, (percent(share.value), bracket(share))))})"
