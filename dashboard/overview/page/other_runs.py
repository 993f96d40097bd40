"""Other runs beside the one that is shown: which, and what cannot be compared, in words."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from dashboard import state, widgets, words
from dashboard.overview.data.differences import differences
from dashboard.overview.data.other_runs import RunSummary
from dashboard.overview.figures import DumbbellRow
from dashboard.overview.text import runs as text
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.results.database import RunKey
from dashboard.text.configurations import configuration_meaning, configuration_name

Summary = TypeVar("Summary")

_MOST = 4
_WIDGET = "pick_with"


def asked_runs(comparison: Comparison, *, look: Callable[[RunKey], Summary | None]) -> tuple[Summary, ...]:
    """The other runs that the address names, in its order, at most four; says in words which are left out.

    Args:
        comparison: Beside which.
        look: What is shown of a run; gives None where it has nothing to compare.
    """
    complete = {run.name: run for run in runs.found_runs() if run.state == "complete"}
    asked = [name for name in _asked() if name != comparison.run.name]
    found = {name: look(runs.run_key(complete[name])) for name in asked[:_MOST] if name in complete}
    left_out = text.left_out(
        unreadable=[name for name in asked[:_MOST] if name not in complete],
        untested=[name for name, each in found.items() if each is None],
        too_many=asked[_MOST:],
    )
    if left_out:
        widgets.warning(left_out)
    return tuple(each for each in found.values() if each is not None)


def draw_control(comparison: Comparison, shown: Sequence[Comparison]) -> None:
    """Lets the user pick other runs; draws nothing where there is no other."""
    offered = [
        run
        for run in runs.found_runs()
        if run.state == "complete" and run.name != comparison.run.name and "," not in run.name
    ]
    # Those that someone named come first, each in the order of the folder: the newest first.
    labels = {run.name: text.offered(run) for run in sorted(offered, key=text.is_unnamed)}
    if not labels:
        return
    names = [each.run.name for each in shown]
    said = f"Compared with {len(names)}" if names else "Compare with"
    with st.popover(said, type="tertiary", icon=":material/stacked_bar_chart:", width="content"):
        st.session_state[_WIDGET] = [name for name in names if name in labels]
        st.multiselect(
            "Other runs, each as it opens",
            list(labels),
            key=_WIDGET,
            format_func=labels.__getitem__,
            max_selections=_MOST,
            placeholder="Pick up to four",
            on_change=_picked,
        )


def dumbbell_rows(own: RunSummary, others: Sequence[RunSummary]) -> list[DumbbellRow]:
    """A row a run for the picture; one with other sites or policies says so."""
    return [
        DumbbellRow(
            name=f"{summary.comparison.run.name}: {configuration_name(summary.row)}",
            detail=""
            if summary.comparison.parameters() == own.comparison.parameters()
            else text.compared_at(summary.comparison),
            configuration=summary.row,
            baselines=summary.baselines,
            is_picked=summary is own,
            tooltip=configuration_meaning(summary.row),
        )
        for summary in (own, *others)
        if summary.row is not None
    ]


def show_differences(shown: Sequence[Comparison]) -> None:
    """Draws the settings in which the runs differ."""
    keys = [each.run for each in shown]
    found = differences(keys)
    if not found:
        st.caption("The recorded settings of these runs are the same.")
        return
    columns = {"What differs": [words.plain(text.setting(each.name)) for each in found]}
    for place, key in enumerate(keys):
        columns[words.plain(key.name)] = [words.plain(text.setting_value(each.values[place])) for each in found]
    widgets.table(columns, alt="The settings in which these runs differ")


def _asked() -> list[str]:
    return list(dict.fromkeys(name for name in (state.asked("with") or "").split(",") if name))


def _picked() -> None:
    names = [str(name) for name in st.session_state[_WIDGET]]
    state.go({"with": ",".join(names) or None})
