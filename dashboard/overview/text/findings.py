"""How far the findings of a model travel, in words."""

from collections.abc import Mapping, Sequence

from dashboard.notation import NOT_ESTIMABLE, amount, counted, first_of, in_words, plural
from dashboard.overview.data.finding_means import FindingMeans
from dashboard.overview.data.findings import FindingScores
from dashboard.results.case_filter import Outcome
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.case_captions import OUTCOMES
from dashboard.text.findings import LABELS
from dashboard.text.gaps import gap, is_lost, told, way
from dashboard.words import listed, plain


def answer(found: Sequence[FindingScores], means: Mapping[str, Pair], *, is_compared: bool, noun: str = "image") -> str:
    """The means over findings in the tests that there are, and which findings clearly lost, Markdown.

    Args:
        found: All findings.
        means: By metric, the mean over them.
        is_compared: Whether there are both tests.
        noun: What is counted.
    """
    said = [f"{_mean(found, metric, pair, is_compared=is_compared)}." for metric, pair in means.items()]
    if not said:
        return f"Of no finding there are enough {plural(noun)}: how well it does is {NOT_ESTIMABLE}."
    return " ".join([*said, *([_lost(found, noun=noun)] if is_compared and len(found) > 1 else [])])


def described(found: Sequence[FindingScores]) -> str:
    """The picture of the findings, in plain text, for those who do not see it."""
    said = [f"{each.name}, {LABELS[metric]}: {_sides(pair)}" for each in found for metric, pair in each.scores.items()]
    return f"{'; '.join(said)}."


def run_of(found: FindingMeans) -> str:
    """A run and its model, plain text: ``ours: vendor``."""
    return f"{found.comparison.run.name}: {found.comparison.model_name}"


def site_of(found: FindingMeans) -> str:
    """The external site, plain text."""
    test = found.comparison.test(Side.EXTERNAL)
    return "" if test is None else test.site


def way_to(finding: str, outcome: Outcome) -> str:
    """What leads to the images of an outcome, Markdown: ``**Edema**, missed``."""
    return f"**{plain(finding)}**, {OUTCOMES[outcome]}"


def _mean(found: Sequence[FindingScores], metric: str, mean: Pair, *, is_compared: bool) -> str:
    label = LABELS[metric][:1].upper() + LABELS[metric][1:]
    pairs = [each.scores[metric] for each in found if metric in each.scores]
    if len(found) == 1:
        named = f"{label} of **{plain(found[0].name)}**"
    else:
        counts = {side: sum(_is_number(pair, side) for pair in pairs) for side in mean.sides}
        alike = len(set(counts.values())) == 1
        over = str(next(iter(counts.values()))) if alike else " and ".join(f"{n} {side}" for side, n in counts.items())
        named = f"{label}, mean over {over} of {counted(len(found), 'finding')}:"
    estimates = {side: None if (score := mean.of(side)) is None else score.estimate for side in Side}
    return told(
        named, estimates[Side.INTERNAL], estimates[Side.EXTERNAL], mean.lost if is_compared else None, of="findings"
    )


def _is_number(pair: Pair, side: Side) -> bool:
    number = pair.of(side)
    return number is not None and number.estimate.is_number


def _lost(found: Sequence[FindingScores], *, noun: str) -> str:
    """Which findings clearly lose, and the one that changed most."""
    compared = [each for each in found if any(is_lost(pair.lost) is not None for pair in each.scores.values())]
    if not compared:
        return f"No finding has enough {plural(noun)} in both tests: its gap is {NOT_ESTIMABLE}."
    lost = [each for each in compared if any(is_lost(pair.lost) for pair in each.scores.values())]
    names = f": {listed(first_of([f'**{plain(each.name)}**' for each in lost]))}" if lost else ""
    said = f"Clearly lost (interval above 0): {in_words(len(lost))} of {in_words(len(compared))}{names}."
    metric, first = max(
        ((metric, pair) for metric, pair in found[0].scores.items() if pair.lost is not None and pair.lost.is_number),
        key=lambda each: abs(each[1].lost.value) if each[1].lost else 0,
    )
    if first.internal is None or first.external is None or first.lost is None:
        return said
    both = way(first.internal.estimate, first.external.estimate)
    return f"{said} Changed most: **{plain(first.name)}**, {LABELS[metric]} {both}, {gap(first.lost)}."


def _sides(pair: Pair) -> str:
    return ", ".join(
        f"{side.test} {amount(number.estimate) if number.estimate.is_number else NOT_ESTIMABLE}"
        for side, number in pair.sides.items()
    )
