"""What one name means at each site, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.notation import FEWEST, NOT_ESTIMABLE, Estimate, bracket, first_of, percent
from dashboard.queries.labels.names import Match
from dashboard.queries.labels.together import Together
from dashboard.results.side import Side
from dashboard.words import NO_FINDING, plain

TOGETHER_LEGEND = (
    "Of the images with the finding of a row, the percentage that also have that of the column, under the chosen label "
    "policies; over all images of a site in the views that the run takes, since those of a test have one class only."
)


@dataclass(frozen=True, kw_only=True)
class Named:
    """How a site names the classes, and how its labels behave.

    Attributes:
        classes: The run's; what follows is in their order.
        dataset: The site's images.
        side: Whose test is of them.
        names: Its names for each class.
        agreement: How often a reader's mark is shared by another; None with one reader.
        devices: Share of the images of each class that show support devices; None where not recorded.
    """

    classes: Sequence[str]
    dataset: str
    side: Side
    names: Sequence[Sequence[Match]]
    agreement: Sequence[Estimate] | None
    devices: Sequence[Estimate] | None


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
            columns[_badge(site, "reader agreement")] = [_share(each) for each in site.agreement]
    for site in sites:
        devices = site.devices if site.devices is not None else [None] * len(site.classes)
        columns[_badge(site, "support devices")] = [_share(each) for each in devices]
    return columns


def names_legend(sites: Sequence[Named]) -> str:
    """What the columns are."""
    alone = [plain(words.dataset(site.dataset)) for site in sites if site.agreement is None]
    one = f" {' and '.join(alone)}: one reader, so no agreement." if alone else ""
    agree = (
        "Reader agreement: where one marks the finding, how often another reader of the same image does too; n: images "
        "that any reader marked. "
    )
    devices = "Support devices: share of the images of a class whose labels name them."
    return f"{agree if len(alone) < len(sites) else ''}{devices}{one}"


def reasons(sites: Sequence[Named], *, exact: bool) -> str:
    """Matches with their reasons, as a list.

    Args:
        sites: Both sites, or the only one.
        exact: The exact matches, or all others.
    """
    lines = [
        f"- **{plain(each.finding)}**, {site.side} “{plain(each.name)}”, **{plain(each.grade)}**: {plain(each.reason)}"
        for site in sites
        for matches in site.names
        for each in matches
        if (each.grade == "exact") == exact
    ]
    return "\n".join(lines)


def occurring(found: Together, *, side: Side) -> str:
    """The heading of what occurs together at a site."""
    badge = side.badge(f"{side} site")
    return f"{badge} {plain(words.dataset(found.dataset))}: which findings occur together, in {found.images:,} images"


def together_described(found: Together) -> str:
    """The picture of what occurs together, for those who do not see it."""
    rows = [
        f"{row}: {', '.join(_together(found, i, j) for j in range(len(found.classes)) if j != i)}"
        for i, row in enumerate(found.classes)
        if found.present[i] >= FEWEST
    ]
    return f"Of the images with a finding, the share with another. {'; '.join(rows) or 'Too few images of each'}."


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
        found = [each.finding for matches in site.names for each in matches[:1] if each.grade == grade]
        if found:
            verb = "is only a" if len(found) == 1 else "are only"
            kind = "match" if len(found) == 1 else "matches"
            parts.append(f"{_listed(found)} {verb} {grade} {kind}")
    missing = [finding for finding, matches in zip(site.classes, site.names, strict=True) if not matches]
    if missing:
        parts.append(f"nothing is called {_listed(missing)}")
    return parts


def _badge(site: Named, said: str) -> str:
    return site.side.badge(f"{site.side} {said}")


def _names(matches: Sequence[Match]) -> str:
    if not matches:
        return _small("no such name")
    return ", ".join(
        f"{plain(each.name)} {_small(each.grade) if each.grade == 'exact' else f'**{plain(each.grade)}**'}"
        for each in matches
    )


def _share(each: Estimate | None) -> str:
    if each is None:
        return _small("not recorded")
    if not each.is_number:
        return _small(f"{NOT_ESTIMABLE}, n = {each.n:,}")
    return f"**{percent(each.value)}** {_small(f'{bracket(each)} n = {each.n:,}')}"


def _together(found: Together, row: int, column: int) -> str:
    share = percent(found.share(row, column)) if found.known[row][column] >= FEWEST else "too few images"
    return f"{found.classes[column]} {share}"


def _listed(names: Sequence[str]) -> str:
    bold = first_of([f"**{plain(name)}**" for name in names])
    return bold[0] if len(bold) == 1 else f"{', '.join(bold[:-1])} and {bold[-1]}"


def _gray(text: str) -> str:
    return f":gray[{plain(text)}]"


def _small(text: str) -> str:
    return f":gray[:small[{plain(text)}]]"
