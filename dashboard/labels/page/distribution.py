"""The mix of classes at both sites, under each label policy."""

from collections.abc import Sequence

import streamlit as st

from dashboard import palette, widgets
from dashboard.figures.template import show_figure
from dashboard.labels.data import downloads
from dashboard.labels.data.distances import Distance, distance
from dashboard.labels.data.distribution import Mix, mix, mixes
from dashboard.labels.figures.distribution import distribution
from dashboard.labels.figures.policies import policies
from dashboard.labels.page.sites import is_test, tests
from dashboard.labels.text.distribution import how_mixed, mix_described, policies_described
from dashboard.labels.text.sites import site
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.side import Side
from dashboard.url_choice import url_choice

_UNDER = {"chosen": "under the chosen policies", "all": "under each policy"}


def answer(comparison: Comparison) -> str:
    """How far the mixes of both sites are apart."""
    internal, external, between = _mixes(comparison)
    return how_mixed(internal, external, between=between, is_test=is_test(comparison, tests(comparison)[0]))


def show(comparison: Comparison) -> None:
    """Draws this part of the page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        under = url_choice("under", "Label policies", _UNDER)
        if under == "chosen":
            for test, found in zip(tests(comparison), _mixes(comparison), strict=False):
                count = found.images if isinstance(found, Mix) else None
                st.markdown(site(test, is_test=is_test(comparison, test), images=count), width="content")
    if under == "chosen":
        _show_both(comparison)
    else:
        for test in tests(comparison):
            _show_policies(comparison, test)


def _show_both(comparison: Comparison) -> None:
    internal, external, between = _mixes(comparison)
    tested = is_test(comparison, tests(comparison)[0])
    figure = distribution(internal, external, between=between, is_test=tested, palette=palette.current())
    alt = mix_described(internal, external)
    show_figure(figure, key="distribution", alt=alt)
    _offer(comparison, [internal, *([external] if external else [])], name="classes")


def _show_policies(comparison: Comparison, test: TestSet) -> None:
    colors = palette.current()
    color = test.side.color(colors)
    found = mixes(comparison.run, test)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(site(test, is_test=is_test(comparison, test)), width="content")
        _offer(comparison, found, name=f"policies_{test.role}")
    figure = policies(
        found,
        shown=test.policy,
        reach=_reach(comparison),
        color=color if is_test(comparison, test) else colors.training,
        palette=colors,
    )
    alt = policies_described(found)
    show_figure(figure, key=f"policies_{test.role}", alt=alt)


def _reach(comparison: Comparison) -> float:
    """The greatest share that is shown of either site under any of its policies."""
    shown = [row.share for test in tests(comparison) for each in mixes(comparison.run, test) for row in each.classes]
    return max((share.value for share in shown if share.is_number), default=0.0)


def _mixes(comparison: Comparison) -> tuple[Mix, Mix | None, Distance | None]:
    theirs = comparison.test(Side.EXTERNAL)
    internal = mix(comparison.run, tests(comparison)[0])
    external = mix(comparison.run, theirs) if theirs is not None else None
    return internal, external, distance(internal, external) if external is not None else None


def _offer(comparison: Comparison, found: Sequence[Mix], *, name: str) -> None:
    widgets.download(
        "Download these numbers",
        lambda: widgets.to_csv(downloads.mixes_to_csv_rows(found)),
        file_name=f"{comparison.run.name}_{name}.csv",
        key=f"download_{name}",
    )
