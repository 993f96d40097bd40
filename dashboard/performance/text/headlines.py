"""What the parts of the page show, each in a sentence: configurations, curves and subgroups."""

from collections.abc import Mapping, Sequence

from dashboard.notation import NOT_ESTIMABLE, amount, first_of, plural
from dashboard.performance.data.configurations import Panel, PanelRow
from dashboard.performance.data.subgroups import Subgroup
from dashboard.performance.text.names import record
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.configurations import configuration_name
from dashboard.text.counts import of_both
from dashboard.text.gaps import gray, missing, told
from dashboard.words import plain, stratum

_HEADLINE = ("accuracy", "macro_auroc")
"""What is said of a configuration: what it answers, and how it ranks."""


def configurations(panels: Sequence[Panel], *, model: str, is_alone: bool = False) -> str:
    """Accuracy and macro AUROC of the picked model in both tests, Markdown; empty where it was not tested.

    Args:
        panels: The panels.
        model: The id of the model that the page is about.
        is_alone: Whether the run has one test alone, so that nothing is said of another.
    """
    rows = {panel.metric: row for panel in panels for row in panel.rows if row.configuration.model == model}
    own = {name: rows[name] for name in _HEADLINE if name in rows}
    if not own:
        return ""
    configuration = next(iter(own.values())).configuration
    tests = {Side.INTERNAL: configuration.internal, Side.EXTERNAL: configuration.external}
    counts = {side: estimate.n for side, estimate in tests.items() if estimate is not None}
    said = "; ".join(_told(record(name).label, row) for name, row in own.items())
    images = f" ({', '.join(f'{n:,} {side}' for side, n in counts.items())} images)" if counts else ""
    return _joined("" if is_alone else missing(counts), f"**{configuration_name(configuration)}**: {said}{images}.")


def curves(finding: str, areas: Mapping[str, Pair | None], *, is_alone: bool = False) -> str:
    """Both areas of a class in both tests, Markdown.

    Args:
        finding: The class.
        areas: From the name of an area to its numbers; None where the class has none.
        is_alone: Whether the run has one test alone, so that nothing is said of another.
    """
    found = {record(name).label: pair for name, pair in areas.items() if pair is not None}
    if not found:
        return f"**{plain(finding)}**: {NOT_ESTIMABLE}, without a label."
    said = "; ".join(_of_pair(label, pair) for label, pair in found.items())
    first = next(iter(found.values()))
    return _joined("" if is_alone else missing(first.sides), f"**{plain(finding)}**: {said} ({of_both(first)}).")


def subgroups(groups: Sequence[Subgroup], *, label: str, is_alone: bool = False) -> str:
    """The groups with the largest and the smallest gap, and those that only one test has, Markdown.

    Args:
        groups: All groups, that of every image too.
        label: What is measured of each.
        is_alone: Whether the run has one test alone, so that nothing is said of another.
    """
    if is_alone:
        return _all(groups, label)
    why = missing({side for group in groups for side in group.scores.sides})
    own = [group for group in groups if group.kind != "all"]
    compared = sorted(
        (group for group in own if group.scores.lost is not None and group.scores.lost.is_number),
        key=_lost,
        reverse=True,
    )
    if why or not compared:
        return _joined(
            why or f"No group has enough images at both sites: its gap is {NOT_ESTIMABLE}.", _all(groups, label)
        )
    said = f"{label}, largest gap: {_group(compared[0])}."
    if len(compared) > 1:
        alike = "; the two intervals overlap" if _overlap(compared[0], compared[-1]) else ""
        said += f" Smallest: {_group(compared[-1])}{alike}."
    return _joined(said, *(_alone(own, side) for side in Side))


def _told(label: str, row: PanelRow) -> str:
    configuration = row.configuration
    return told(label, configuration.internal, configuration.external, configuration.lost)


def _of_pair(label: str, pair: Pair) -> str:
    internal, external = (None if score is None else score.estimate for score in (pair.internal, pair.external))
    is_mean_of_findings = any(score.task == "finding" and score.finding is None for score in pair.sides.values())
    return told(label, internal, external, pair.lost, of="findings" if is_mean_of_findings else "classes")


def _group(group: Subgroup) -> str:
    return f"{_of_pair(f'**{plain(stratum(group.stratum))}**', group.scores)} ({of_both(group.scores)})"


def _all(groups: Sequence[Subgroup], label: str) -> str:
    return next(
        (
            f"{_of_pair(f'{label} over all {plural(noun)}', group.scores)}."
            for group in groups
            if group.kind == "all"
            for noun in [next((number.noun for number in group.scores.sides.values()), "image")]
        ),
        "",
    )


def _alone(groups: Sequence[Subgroup], side: Side) -> str:
    """Views, sexes and ages that one test alone has; of an attribute a site has groups of its own."""
    found = [group for group in groups if not group.is_by_attribute and set(group.scores.sides) == {side}]
    scores = [(group, group.scores.sides[side].estimate) for group in found]
    named = [
        f"**{plain(stratum(group.stratum))}** ({amount(estimate)}{gray(estimate)})"
        for group, estimate in scores
        if estimate.is_number
    ]
    return f"Only {side}, so without a gap: {', '.join(first_of(named))}." if named else ""


def _overlap(largest: Subgroup, smallest: Subgroup) -> bool:
    one, other = largest.scores.lost, smallest.scores.lost
    return one is not None and other is not None and one.low <= other.high


def _lost(group: Subgroup) -> float:
    return group.scores.lost.value if group.scores.lost is not None else float("-inf")


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
