"""What single classes lose, and why: a card a class, which leads to its images, and one that leads to the causes."""

from collections.abc import Sequence

import streamlit as st

from dashboard import state, widgets, words
from dashboard.notation import NOT_ESTIMABLE
from dashboard.overview.data.recalls import Recalls
from dashboard.overview.text import causes, classes
from dashboard.results.comparison import Comparison
from dashboard.results.pairs import Pair
from dashboard.results.verdicts import verdicts
from dashboard.results.waterfalls import of_scale, waterfalls
from dashboard.text.causes import verdict

_MOST = 3
"""Findings that stand side by side."""


def show(comparison: Comparison, found: Recalls, *, of: int) -> None:
    """Draws the classes lost and kept.

    Args:
        comparison: Whose images a card leads to.
        found: The classes.
        of: How many classes the run has.
    """
    named = [*zip(("Lost most", "Lost next"), found.lost, strict=False)]
    if found.kept is not None:
        named.append(("Kept best", found.kept))
    for label, row in named:
        _show_card(comparison, label, row, auroc=found.aurocs.get(row.name))
    if found.too_few:
        widgets.stat("Too few images to tell", f"{len(found.too_few)} of {of} classes", classes.too_few(found.too_few))
    if not (named or found.too_few):
        widgets.stat("Classes lost and kept", NOT_ESTIMABLE, "needs an internal and an external test")


def show_cause(comparison: Comparison, *, finding: str | None) -> None:
    """Draws the largest cause of a gap, which leads to all of them; nothing where it was not taken apart.

    Args:
        comparison: Whose gap.
        finding: Of which finding; None: of all classes.
    """
    found = of_scale(waterfalls(comparison), "balanced_accuracy", finding=finding)
    if found is None or not found.gap.is_number:
        return
    _show_linked(
        "Largest cause",
        causes.largest(found),
        causes.told(found),
        key=f"cause_of_{finding or ''}",
        leads_to=("Why it is lost", "shift", {} if finding is None else {"finding": finding}),
        comparison=comparison,
    )


def show_findings(comparison: Comparison, names: Sequence[str]) -> None:
    """Draws a card for each finding that has a verdict or a cause, side by side.

    Args:
        comparison: Which model and which tests.
        names: The findings, what changed most first.
    """
    told, apart = verdicts(comparison), waterfalls(comparison)
    shown = [name for name in names if name in told or of_scale(apart, "balanced_accuracy", finding=name)][:_MOST]
    if not shown:
        return
    for column, name in zip(st.columns(_MOST), shown, strict=False):
        found = of_scale(apart, "balanced_accuracy", finding=name)
        lines = [said] if (said := verdict(told.get(name))) else []
        if found is not None and found.gap.is_number:
            lines += [f"largest cause: {causes.largest(found)}", *causes.told(found)]
        with column:
            _show_linked(
                "Why",
                name,
                lines,
                key=f"why_{name}",
                leads_to=("Why it is lost", "shift", {"finding": name}),
                comparison=comparison,
            )


def _show_linked(
    label: str,
    name: str,
    lines: Sequence[str],
    *,
    key: str,
    leads_to: tuple[str, str, dict[str, str]],
    comparison: Comparison,
) -> None:
    where, page, keys = leads_to
    with st.container(gap=None):
        st.button(
            f":gray[:small[{label}]] **{words.plain(name)}**",
            key=key,
            type="tertiary",
            help=where,
            icon=":material/arrow_forward:",
            icon_position="right",
            on_click=state.open_page,
            args=(page, comparison.address(), keys),
        )
        st.markdown("  \n".join(f":gray[:small[{words.plain(line)}]]" for line in lines))


def _show_card(comparison: Comparison, label: str, row: Pair, *, auroc: Pair | None) -> None:
    said = verdict(verdicts(comparison).get(row.name))
    _show_linked(
        label,
        row.name,
        [*classes.lost_of(row, auroc=auroc), *([said] if said else [])],
        key=f"images_of_{label}",
        leads_to=("Its images in Cases", "cases", {"true": row.name}),
        comparison=comparison,
    )
