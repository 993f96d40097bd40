"""What single classes lose: a card a class, which leads to its images."""

import streamlit as st

from dashboard import state, widgets, words
from dashboard.notation import NOT_ESTIMABLE
from dashboard.overview.data.recalls import Recalls
from dashboard.overview.text import classes
from dashboard.results.comparison import Comparison
from dashboard.results.pairs import Pair


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


def _show_card(comparison: Comparison, label: str, row: Pair, *, auroc: Pair | None) -> None:
    with st.container(gap=None):
        st.button(
            f":gray[:small[{label}]] **{words.plain(row.name)}**",
            key=f"images_of_{label}",
            type="tertiary",
            help="Its images in Cases",
            icon=":material/arrow_forward:",
            icon_position="right",
            on_click=state.open_page,
            args=("cases", comparison.address(), {"true": row.name}),
        )
        said = classes.lost_of(row, auroc=auroc)
        st.markdown("  \n".join(f":gray[:small[{words.plain(line)}]]" for line in said))
