"""The table of configurations, of one run or of several."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import widgets, words
from dashboard.notation import Unit, bracket, percent
from dashboard.overview.data import paper
from dashboard.overview.data.other_runs import RunSummary
from dashboard.results.configurations import Configuration
from dashboard.results.side import Side
from dashboard.text import cells
from dashboard.text.configurations import configuration_name
from dashboard.text.gaps import gap_title

ALT = "Accuracy and macro AUROC of each configuration on its training images and in both tests"
"""What the table holds, for those who do not see it."""

ALT_OF_BROUGHT = "Accuracy and macro AUROC of each model in the tests that there are"
"""The same of models that were brought."""


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """A configuration of a run.

    Attributes:
        name: What it is called, plain text.
        run: Whose.
        configuration: Its accuracies.
        is_picked: Whether the page is about it: its row is bold.
    """

    name: str
    run: RunSummary
    configuration: Configuration
    is_picked: bool


def configuration_rows(runs: Sequence[RunSummary]) -> list[TableRow]:
    """A row a configuration, which of several runs says of which it is. The first run is that of the page."""
    return [
        TableRow(
            name=f"{f'{run.comparison.run.name}: ' if len(runs) > 1 else ''}{configuration_name(row)}",
            run=run,
            configuration=row,
            is_picked=run is runs[0] and row.model == run.comparison.model,
        )
        for run in runs
        for row in run.configurations
    ]


def site_rows(sites: Sequence[RunSummary], *, shown: str | None) -> list[TableRow]:
    """A row an external site, all of one model.

    Args:
        sites: The comparison with each.
        shown: The external dataset that the page is about.
    """
    return [
        TableRow(name=test.site, run=site, configuration=site.row, is_picked=site.comparison.external_dataset == shown)
        for site in sites
        if site.row is not None and (test := site.comparison.test(Side.EXTERNAL)) is not None
    ]


def show(rows: Sequence[TableRow], *, title: str = "Configuration") -> None:
    """Draws accuracy, and macro AUROC beside it where it was measured.

    Args:
        rows: From the top.
        title: What a row is.
    """
    columns = {
        title: [f"**{words.plain(row.name)}**" if row.is_picked else words.plain(row.name) for row in rows],
        **_on_training_images(rows),
        **_of_tests("accuracy", "share", rows, [row.configuration for row in rows]),
    }
    rankings = [row.run.ranking(row.configuration) for row in rows]
    if any(ranking is not None and ranking.has_test for ranking in rankings):
        columns |= _of_tests("macro AUROC", "score", rows, rankings)
    comparable = [paper.is_comparable(row.run.comparison.run, site=row.run.comparison.external_dataset) for row in rows]
    if any(comparable):
        reported = [
            _reported(row.configuration) if alike else None for row, alike in zip(rows, comparable, strict=True)
        ]
        columns["paper, internal"] = [_paper_internal(each) if each else "" for each in reported]
        columns["paper, external"] = [_paper_external(each) if each else "" for each in reported]
    is_brought = all(row.configuration.regime is None for row in rows)
    widgets.table(columns, alt=ALT_OF_BROUGHT if is_brought else ALT)


def _on_training_images(rows: Sequence[TableRow]) -> dict[str, Sequence[str]]:
    """Nothing where it is not known of any row which images it was trained on."""
    if all(row.configuration.regime is None for row in rows):
        return {}
    return {":gray-badge[○ accuracy]": [_training(row.configuration) for row in rows]}


def _of_tests(
    metric: str, unit: Unit, rows: Sequence[TableRow], found: Sequence[Configuration | None]
) -> dict[str, Sequence[str]]:
    """Both tests and the gap of a metric, under headings that tell its unit; of brought models the tests they have."""
    both = list(zip(rows, found, strict=True))
    columns: dict[str, Sequence[str]] = {
        Side.INTERNAL.badge(metric): [
            cells.share(each.internal if each else None, absent=_no_internal(row.configuration), is_bold=row.is_picked)
            for row, each in both
        ],
        Side.EXTERNAL.badge(metric): [
            cells.share(each.external if each else None, absent="none", is_bold=row.is_picked) for row, each in both
        ],
        gap_title(unit): [
            cells.gap(each.lost if each else None, absent="no gap", is_bold=row.is_picked) for row, each in both
        ],
    }
    if any(row.configuration.regime is not None for row in rows):
        return columns
    tests = [(row.configuration.internal, row.configuration.external, row.configuration.lost) for row in rows]
    has_any = [any(each is not None for each in column) for column in zip(*tests, strict=True)]
    return {name: column for (name, column), is_kept in zip(columns.items(), has_any, strict=True) if is_kept}


def _training(row: Configuration) -> str:
    if row.training is None or not row.training.is_number:
        return cells.training(row.training)
    return f"{cells.training(row.training)} {cells.small(f'{bracket(row.training)} n = {row.training.n:,}'.strip())}"


def _reported(row: Configuration) -> paper.Reported | None:
    return paper.reported(regime=row.regime, is_ensemble=row.members is None)


def _no_internal(row: Configuration) -> str:
    return "none: trained on all" if row.regime == "full" else "none"


def _paper_internal(reported: paper.Reported) -> str:
    """The paper's internal accuracy, marked where it is one on training images."""
    return f"{percent(reported.internal)} {cells.small('training') if reported.internal_is_training else ''}".strip()


def _paper_external(reported: paper.Reported) -> str:
    """The paper's external accuracy."""
    return cells.small("not given") if reported.external is None else percent(reported.external)
