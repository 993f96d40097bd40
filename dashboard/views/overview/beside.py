"""Other runs beside the one that is shown: which, and what cannot be compared, in words."""

from collections.abc import Sequence

import streamlit as st

from dashboard import frame, state, widgets
from dashboard.charts.overview import Row
from dashboard.queries.overview.side_by_side import Beside, as_it_opens
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.sentences import overview as sentences
from dashboard.sentences.configurations import configuration

_MOST = 4
_WIDGET = "pick_with"


def chosen(comparison: Comparison) -> tuple[Beside, ...]:
    """The other runs that the address names, in its order, at most four; says in words which are left out."""
    complete = {run.name: run for run in runs.found_runs() if run.state == "complete"}
    asked = [name for name in _asked() if name != comparison.run.name]
    found = {name: as_it_opens(runs.run_key(complete[name])) for name in asked[:_MOST] if name in complete}
    left_out = sentences.left_out(
        unreadable=[name for name in asked[:_MOST] if name not in complete],
        untested=[name for name, each in found.items() if each is None],
        too_many=asked[_MOST:],
    )
    if left_out:
        widgets.trouble(left_out)
    return tuple(each for each in found.values() if each is not None)


def draw_control(comparison: Comparison, shown: Sequence[Beside]) -> None:
    """Lets the user pick other runs; draws nothing where there is no other."""
    labels = {
        run.name: frame.run_label(run)
        for run in runs.found_runs()
        if run.state == "complete" and run.name != comparison.run.name and "," not in run.name
    }
    if not labels:
        return
    names = [each.comparison.run.name for each in shown]
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


def rows(own: Beside, others: Sequence[Beside]) -> list[Row]:
    """A row a run for the picture; one with other sites or policies says so."""
    return [
        Row(
            name=f"{each.comparison.run.name}: {configuration(each.row)}",
            detail=""
            if each.comparison.parameters() == own.comparison.parameters()
            else sentences.compared_at(each.comparison),
            configuration=each.row,
            no_skill=each.no_skill,
        )
        for each in (own, *others)
        if each.row is not None
    ]


def _asked() -> list[str]:
    return list(dict.fromkeys(name for name in (state.asked("with") or "").split(",") if name))


def _picked() -> None:
    names = [str(name) for name in st.session_state[_WIDGET]]
    state.go({"with": ",".join(names) or None})
