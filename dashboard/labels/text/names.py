"""The meaning of one name at each site, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.labels.data.names import Match
from dashboard.labels.data.together import Together
from dashboard.notation import FEWEST, NOT_ESTIMABLE, Estimate, bracket, counted, first_of, percent, plural, told_of
from dashboard.results.comparison import TestSet
from dashboard.results.side import Side
from dashboard.words import NO_FINDING, plain

TOGETHER_LEGEND = (
    "Of the images with the finding of a row, the percentage that also have that of the column, under the chosen label "
    "policies; over all images of a site in the views that the run takes, since those of a test have one class only."
)

TOGETHER_LEGEND_OF_FINDINGS = (
    "Of those with the finding of a row, the percentage that also have that of the column, under the chosen label "
    "policies."
)


@dataclass(frozen=True, kw_only=True)
class Named:
    """How a site names the classes, and how its labels behave.

    Attributes:
        classes: The run's; what follows is in their order.
        dataset: The site's images.
        site: The dataset as pages name it.
        side: Whose test is of them.
        names: Its names for each class.
        agreement: How often a reader's mark is shared by another; None with one reader.
        devices: Share of the images of each class that show support devices; None where not recorded.
        has_findings: Whether an image has any number of findings: then nothing is told by class of support devices.
    """

    classes: Sequence[str]
    dataset: str
    site: str
    side: Side
    names: Sequence[Sequence[Match]]
    agreement: Sequence[Estimate] | None
    devices: Sequence[Estimate] | None
    has_findings: bool = False


def how_named(sites: Sequence[Named]) -> str:
    """Which names do not mean the class."""
    doubts = [f"{site.side.where.capitalize()}, {'; '.join(found)}." for site in sites if (found := _doubts(site))]
    every = "Every name means its class." if len(sites) > 1 else "Every internal name means its class."
    answers = doubts or [every]
    return " ".join([*answers, *(_with_devices(site) for site in sites if site.devices is not None)]).strip()


def names_table(sites: Sequence[Named]) -> dict[str, list[str]]:
    """A row a class: its name and grade at each site, agreement of readers, support devices."""
    columns: dict[str, list[str]] = {"Class": [plain(finding) for finding in sites[0].classes]}
    for site in sites:
        columns[_badge(site, "name")] = [_names(matches) for matches in site.names]
    for site in sites:
        if site.agreement is not None:
            columns[_badge(site, "reader agreement")] = [_share(estimate) for estimate in site.agreement]
    for site in sites:
        if site.has_findings:
            continue
        devices = site.devices if site.devices is not None else [None] * len(site.classes)
        columns[_badge(site, "support devices")] = [_share(estimate) for estimate in devices]
    return columns


def names_legend(sites: Sequence[Named], *, noun: str = "image") -> str:
    """What the columns are."""
    alone = [plain(site.site) for site in sites if site.agreement is None]
    one = f" {' and '.join(alone)}: one reader, so no agreement." if alone else ""
    agree = told_of(
        noun,
        "Reader agreement: where one marks the finding, how often another reader of the same image does too; n: images "
        "that any reader marked. ",
    )
    told = told_of(noun, "Support devices: share of the images of a class whose labels name them.")
    devices = "" if sites[0].has_findings else told
    return f"{agree if len(alone) < len(sites) else ''}{devices}{one}"


def reasons(sites: Sequence[Named], *, exact: bool) -> str:
    """Matches with their reasons, as a list.

    Args:
        sites: Both sites, or the only one.
        exact: The exact matches, or all others.
    """
    lines = [
        f"- **{plain(match.finding)}**, {site.side} “{plain(match.name)}”, **{plain(match.grade)}**: "
        f"{plain(match.reason)}"
        for site in sites
        for matches in site.names
        for match in matches
        if (match.grade == "exact") == exact
    ]
    return "\n".join(lines)


def occurring(table: Together, *, test: TestSet) -> str:
    """The heading of what occurs together at a site."""
    badge = test.side.badge(f"{test.side} site")
    return f"{badge} {plain(test.site)}: which findings occur together, in {counted(table.images, test.noun)}"


def unlabelled(found: Sequence[tuple[TestSet, Together]]) -> str:
    """Which findings a site does not label, so that nothing is known of what occurs with them; empty where none."""
    said = [
        f"Unknown {test.side.where}, not labelled there: {words.listed(first_of(names))}."
        for test, table in found
        if (names := [plain(name) for name, n in zip(table.classes, table.labelled, strict=True) if not n])
    ]
    return " ".join(said)


def together_described(table: Together, *, noun: str = "image") -> str:
    """The picture of what occurs together, for those who do not see it."""
    rows = [
        f"{row}: {', '.join(_together(table, i, j, noun=noun) for j in range(len(table.classes)) if j != i)}"
        for i, row in enumerate(table.classes)
        if table.present[i] >= FEWEST
    ]
    few = f"Too few {plural(noun)} of each"
    return f"Of the {plural(noun)} with a finding, the share with another. {'; '.join(rows) or few}."


def _with_devices(site: Named) -> str:
    devices = dict(zip(site.classes, site.devices or (), strict=False))
    share = devices.get(NO_FINDING)
    if share is None or not share.is_number:
        return ""
    spread = _gray(bracket(share))
    return f"**{percent(share.value)}** {spread} of {site.side} {NO_FINDING} images show support devices."


def _doubts(site: Named) -> list[str]:
    parts = []
    for grade in ("weak", "close"):
        found = [match.finding for matches in site.names for match in matches[:1] if match.grade == grade]
        if found:
            verb = "is only a" if len(found) == 1 else "are only"
            kind = "match" if len(found) == 1 else "matches"
            parts.append(f"{_listed(found)} {verb} {grade} {kind}")
        further = list(dict.fromkeys(match.finding for match in _further(site) if match.grade == grade))
        if further:
            verb = "has" if len(further) == 1 else "have"
            parts.append(f"{_listed(further)} {verb} a further name that is a {grade} match")
    missing = [finding for finding, matches in zip(site.classes, site.names, strict=True) if not matches]
    if missing:
        parts.append(f"nothing is called {_listed(missing)}")
    return parts


def _further(site: Named) -> list[Match]:
    """The names of classes that have a better one too."""
    return [match for matches in site.names for match in matches[1:] if match.grade != matches[0].grade]


def _badge(site: Named, said: str) -> str:
    return site.side.badge(f"{site.side} {said}")


def _names(matches: Sequence[Match]) -> str:
    if not matches:
        return _small("no such name")
    return ", ".join(
        f"{plain(match.name)} {_small(match.grade) if match.grade == 'exact' else f'**{plain(match.grade)}**'}"
        for match in matches
    )


def _share(estimate: Estimate | None) -> str:
    if estimate is None:
        return _small("not recorded")
    if not estimate.is_number:
        return _small(f"{NOT_ESTIMABLE}, n = {estimate.n:,}")
    return f"**{percent(estimate.value)}** {_small(f'{bracket(estimate)} n = {estimate.n:,}')}"


def _together(table: Together, row: int, column: int, *, noun: str) -> str:
    if not table.labelled[column]:
        return f"{table.classes[column]} unknown"
    share = percent(table.share(row, column)) if table.known[row][column] >= FEWEST else f"too few {plural(noun)}"
    return f"{table.classes[column]} {share}"


def _listed(names: Sequence[str]) -> str:
    return words.listed(first_of([f"**{plain(name)}**" for name in names]))


def _gray(text: str) -> str:
    return f":gray[{plain(text)}]"


def _small(text: str) -> str:
    return f":gray[:small[{plain(text)}]]"
