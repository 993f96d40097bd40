"""The prevalence of findings, in words."""

from collections.abc import Mapping, Sequence

from dashboard import words
from dashboard.labels.data.distribution import Mix
from dashboard.notation import Estimate, bracket, first_of, percent, points
from dashboard.results.comparison import TestSet
from dashboard.results.differences import may_be_chance
from dashboard.words import plain


def how_frequent(found: Mapping[TestSet, Mix], between: Mapping[str, Estimate]) -> str:
    """The largest change of a prevalence; of one site alone, its most frequent finding."""
    if not between:
        said = [_most_frequent(test, mix) for test, mix in found.items()]
        return " ".join(filter(None, said)) or "No finding is labelled often enough to tell its prevalence."
    name = max(between, key=lambda finding: abs(between[finding].value))
    shares = [
        f"**{percent(row.share.value)}** {test.side.where}"
        for test, mix in found.items()
        for row in mix.classes
        if row.finding == name
    ]
    change = between[name]
    sign = "+" if change.value > 0 else ""
    chance = ", which may be chance" if may_be_chance(change) else ""
    return (
        f"**{plain(name)}** is present on {' and '.join(shares)}: a change of **{sign}{points(change.value)} points** "
        f":gray[{plain(bracket(change))}]{chance}."
    )


def unlabelled(found: Mapping[TestSet, Mix]) -> str:
    """Which findings a site does not label, so that they have no bar; empty where each labels all."""
    said = [
        f"{test.side.test.capitalize()}: {words.listed(first_of(names))} not labelled."
        for test, mix in found.items()
        if (names := [plain(row.finding) for row in mix.classes if not row.share.n])
    ]
    return " ".join(said)


def described(found: Mapping[TestSet, Mix]) -> str:
    """The picture for those who do not see it."""
    return " ".join(
        f"{test.side.test.capitalize()}: {', '.join(_share(row.finding, row.share) for row in mix.classes)}."
        for test, mix in found.items()
    )


def policies_described(mixes: Sequence[Mix]) -> str:
    """The picture of one site under each policy, for those who do not see it."""
    said = [
        f"{words.policy(mix.policy)}: {', '.join(_share(row.finding, row.share) for row in mix.classes)}"
        for mix in mixes
    ]
    return f"Prevalence of each finding under each label policy. {'; '.join(said)}."


def _share(finding: str, share: Estimate) -> str:
    if not share.n:
        return f"{finding} not labelled"
    return f"{finding} {percent(share.value) if share.is_number else 'too few to tell'}"


def _most_frequent(test: TestSet, mix: Mix) -> str:
    rows = [row for row in mix.classes if row.share.is_number]
    if not rows:
        return ""
    row = max(rows, key=lambda each: each.share.value)
    spread = f":gray[{plain(bracket(row.share))}]"
    return (
        f"In the {test.side.test}, **{plain(row.finding)}** is most frequent: **{percent(row.share.value)}** {spread}."
    )
