"""The mix of classes, in words."""

from collections.abc import Sequence

from dashboard import words
from dashboard.labels.data.distances import Distance
from dashboard.labels.data.distribution import Mix
from dashboard.notation import NOT_ESTIMABLE, Estimate, bracket, percent, plural, points, resting_on
from dashboard.results.differences import may_be_chance
from dashboard.results.side import Side
from dashboard.words import plain


def how_mixed(internal: Mix, external: Mix | None, *, between: Distance | None, is_test: bool) -> str:
    """The largest change between the mixes of both sites, and how far apart they are in all.

    Args:
        internal: The mix of the internal test.
        external: The mix of the external test; None if there is none.
        between: How far apart they are; None where that is not estimable.
        is_test: Whether the internal images are a test.
    """
    if external is None:
        return f"{Side.EXTERNAL.missing}, so nothing can be compared."
    if between is None:
        few = " and ".join(
            resting_on(mix.classes[0].share, noun=f"{side} {mix.noun}")
            for side, mix in ((Side.INTERNAL, internal), (Side.EXTERNAL, external))
            if not mix.classes[0].share.estimable
        )
        return f"How far the mixes differ is {NOT_ESTIMABLE}: {few}."
    largest = max(range(len(internal.classes)), key=lambda index: abs(between.changes[index].value))
    ours, theirs = internal.classes[largest].share, external.classes[largest].share
    return (
        f"**{plain(internal.classes[largest].finding)}** is **{percent(ours.value)}** "
        f"{'' if is_test else f'of all {plural(internal.noun)} '}internally and "
        f"**{percent(theirs.value)}** externally: {_change(between.changes[largest])}. In all, "
        f"**{percent(between.moved)}** of {plural(external.noun)} would have to change class for equal mixes "
        f"{_by_chance(between)}."
    )


def mix_described(internal: Mix, external: Mix | None) -> str:
    """The picture of both mixes, for those who do not see it."""
    sites = [f"Internal: {_shares(internal)}.", *([f"External: {_shares(external)}."] if external else [])]
    return f"Share of each class among {plural(internal.noun)} with a single class. {' '.join(sites)}"


def policies_described(mixes: Sequence[Mix]) -> str:
    """The picture of one site's mixes under each policy, for those who do not see it."""
    said = [f"{words.policy(mix.policy)}: {_shares(mix) if mix.images else 'no single class'}" for mix in mixes]
    return f"Share of each class under each label policy. {'; '.join(said)}."


def _change(estimate: Estimate) -> str:
    """External minus internal: ``a change of +12.8 points [7.0, 18.3]``."""
    said = f"{'+' if estimate.value > 0 else ''}{points(estimate.value)} points"
    spread = f":gray[{plain(bracket(estimate))}]"
    if may_be_chance(estimate):
        return f"a change of {said} {spread}, which may be chance"
    return f"a change of **{said}** {spread}"


def _by_chance(between: Distance) -> str:
    return f":gray[\\(by chance, about {percent(between.by_chance)}\\)]"


def _shares(mix: Mix) -> str:
    return ", ".join(
        f"{row.finding} {percent(row.share.value) if row.share.is_number else f'{row.images:,} of {mix.images:,}'}"
        for row in mix.classes
    )
