"""The table of configurations, of one run or of several."""

from collections.abc import Sequence

from dashboard import widgets, words
from dashboard.notation import percent
from dashboard.overview.data import paper
from dashboard.overview.data.other_runs import RunSummary
from dashboard.results.configurations import Configuration
from dashboard.results.side import Side
from dashboard.text import cells
from dashboard.text.configurations import configuration_name

_ALT = "Accuracy of each configuration on its training images and in both tests"


def show(runs: Sequence[RunSummary]) -> None:
    """Draws a row a configuration; where there are several runs, each row says of which it is."""
    of_run = [(run, row) for run in runs for row in run.configurations]
    rows = [row for _, row in of_run]
    columns = {
        "Configuration": [f"{_name(run, runs)}{configuration_name(row)}" for run, row in of_run],
        ":gray-badge[○ training images]": [cells.training(row.training) for row in rows],
        Side.INTERNAL.badge(): [cells.share(row.internal, absent=_no_internal(row)) for row in rows],
        Side.EXTERNAL.badge(): [cells.share(row.external, absent="none") for row in rows],
        "points lost": [cells.lost(row.lost) for row in rows],
    }
    comparable = {
        run.comparison.run: paper.is_comparable(run.comparison.run, site=run.comparison.external_dataset)
        for run in runs
    }
    if any(comparable.values()):
        reported = [_reported(row) if comparable[run.comparison.run] else None for run, row in of_run]
        columns["paper, internal"] = [_paper_internal(each) if each else "" for each in reported]
        columns["paper, external"] = [_paper_external(each) if each else "" for each in reported]
    widgets.table(columns, alt=_ALT if len(runs) == 1 else f"{_ALT}, of {len(runs)} runs")


def _name(run: RunSummary, runs: Sequence[RunSummary]) -> str:
    return f"{words.plain(run.comparison.run.name)}: " if len(runs) > 1 else ""


def _reported(row: Configuration) -> paper.Reported:
    return paper.reported(regime=row.regime, is_ensemble=row.members is None)


def _no_internal(row: Configuration) -> str:
    return "none: trained on all" if row.regime == "full" else "none"


def _paper_internal(reported: paper.Reported) -> str:
    """The paper's internal accuracy, marked where it is one on training images."""
    return f"{percent(reported.internal)} {cells.small('training') if reported.internal_is_training else ''}".strip()


def _paper_external(reported: paper.Reported) -> str:
    """The paper's external accuracy."""
    return cells.small("not given") if reported.external is None else percent(reported.external)
