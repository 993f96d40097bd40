"""Class by class: where the gap of a metric is largest and smallest, and which classes lose recall, AUROC or both."""

from collections.abc import Sequence

from dashboard.notation import NOT_ESTIMABLE, amount, first_of, plural
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.configurations import few_images
from dashboard.text.counts import of_both
from dashboard.text.gaps import gap, gray, is_lost, missing, way
from dashboard.words import plain


def answer(rows: Sequence[Pair], *, label: str, noun: str = "image") -> str:
    """The classes with the largest and the smallest gap, of those with enough images at both sites, Markdown.

    Args:
        rows: One metric of every class.
        label: What the metric is called.
        noun: What is counted.
    """
    compared = sorted((row for row in rows if row.lost is not None and row.lost.is_number), key=_lost, reverse=True)
    if not compared:
        return _alone(rows, label=label, noun=noun)
    said = f"Largest gap of {label}: {_said(compared[0])}."
    if len(compared) > 1:
        said += f" Smallest: {_said(compared[-1])}."
    others = [plain(row.name) for row in rows if row not in compared]
    return f"{said} Too few {plural(noun)} to tell: {', '.join(first_of(others))}." if others else said


def at_one_site(rows: Sequence[Pair], *, label: str, noun: str = "image") -> str:
    """The classes with the highest and the lowest number in the one test that there is, Markdown.

    Args:
        rows: One metric of every class.
        label: What the metric is called.
        noun: What is counted.
    """
    scores = [(row.name, number.estimate) for row in rows for number in row.sides.values() if number.estimate.is_number]
    if not scores:
        return f"None has enough {plural(noun)}: {label} is {NOT_ESTIMABLE}."
    found = sorted(scores, key=lambda each: -each[1].value)
    named = [f"**{plain(name)}**, {amount(estimate)}{gray(estimate)}" for name, estimate in (found[0], found[-1])]
    if len(found) == 1:
        return f"{label[:1].upper()}{label[1:]}: {named[0]}."
    return f"Highest {label}: {named[0]}. Lowest: {named[1]}."


def verdicts(recalls: Sequence[Pair], aurocs: Sequence[Pair]) -> str:
    """Which classes lose recall, AUROC, both or neither, as their intervals tell, Markdown; empty where none can tell.

    AUROC is over all thresholds; recall is what the answers at this operating point find.

    Args:
        recalls: Recall of every class.
        aurocs: AUROC of every class on the same images.
    """
    ranking = {row.name: is_lost(row.lost) for row in aurocs}
    kinds = {
        (True, False): "Recall at this operating point lost, no clear loss of AUROC",
        (False, True): "AUROC lost, no clear loss of recall",
        (True, True): "Both lost",
        (False, False): "No clear loss of either",
    }
    found: dict[tuple[bool | None, bool | None], list[str]] = {}
    for row in recalls:
        found.setdefault((is_lost(row.lost), ranking.get(row.name)), []).append(f"**{plain(row.name)}**")
    return " ".join(f"{said}: {', '.join(first_of(found[kind]))}." for kind, said in kinds.items() if kind in found)


def caution(rows: Sequence[Pair]) -> str | None:
    """A caution where a test is small; None where neither is.

    Args:
        rows: A metric of every class of the task with a single class.
    """
    return few_images(
        {side: max((row.sides[side].estimate.n for row in rows if side in row.sides), default=0) for side in Side}
    )


def _alone(rows: Sequence[Pair], *, label: str, noun: str) -> str:
    sides = {side for row in rows for side in row.sides}
    why = missing(sides)
    if not why:
        return f"No class has enough {plural(noun)} at both sites: the gap of {label} is {NOT_ESTIMABLE}."
    return " ".join(filter(None, (why, *(_best_and_worst(rows, side, label=label) for side in Side if side in sides))))


def _best_and_worst(rows: Sequence[Pair], side: Side, *, label: str) -> str:
    scores = [(row.name, row.sides[side].estimate) for row in rows if side in row.sides]
    found = sorted((pair for pair in scores if pair[1].is_number), key=lambda pair: -pair[1].value)
    if len(found) < 2 or not found[0][1].low > found[-1][1].high:
        return ""
    best, worst = (
        f"**{plain(finding)}** ({amount(estimate)}{gray(estimate)})" for finding, estimate in (found[0], found[-1])
    )
    return f"{side.where.capitalize()} {label} is highest for {best}, lowest for {worst}."


def _said(row: Pair) -> str:
    if row.internal is None or row.external is None or row.lost is None:
        return ""
    both = way(row.internal.estimate, row.external.estimate)
    return f"**{plain(row.name)}**, {both}, {gap(row.lost)} ({of_both(row)})"


def _lost(row: Pair) -> float:
    return row.lost.value if row.lost is not None else float("inf")
