"""The parts of a gap as a download."""

import math

from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row, beginning
from dashboard.results.metrics import numbers
from dashboard.results.side import Side
from dashboard.results.waterfalls import waterfalls


def tested(comparison: Comparison, *, finding: str | None) -> dict[Side, int]:
    """The images that a gap is of in each test: with a single class, or where presence of the finding is known."""
    if finding is None:
        found = numbers(comparison, metrics=("accuracy",))
    else:
        found = tuple(row for row in numbers(comparison, metrics=("auroc",), task="finding") if row.finding == finding)
    return {side: row.estimate.n for side in Side for row in found if row.kind == side.role}


def part_rows(comparison: Comparison) -> list[Row]:
    """Every gap of the model with its terms and levels; what is not identifiable is blank, with the reason beside."""
    start = beginning(
        comparison.run,
        model=comparison.model,
        dataset=comparison.external_dataset,
        role="external_test",
        policy=comparison.external_policy,
    ) | {"internal_dataset": comparison.internal_dataset, "internal_policy": comparison.internal_policy}
    found: list[Row] = []
    for each in waterfalls(comparison):
        place = start | {"finding": each.finding, "scale": each.scale, "cause": each.cause}
        parts: list[tuple[str, str, Estimate]] = [("gap", "gap", each.gap)]
        parts += [("term", name, term) for name, term in each.terms.items()]
        parts += [("level", name, level) for name, level in each.levels.items()]
        parts += [("other_order", "class_mix", each.other_order)] if each.other_order is not None else []
        for part, name, one in parts:
            reason = each.reason if math.isnan(one.value) else None
            values: Row = {"value": one.value, "lower": one.low, "upper": one.high, "reason": reason}
            found.append(place | {"part": part, "name_of_part": name} | values)
    return found
