"""The mix of classes at both sites, under each label policy."""

from collections.abc import Sequence

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.labels.data import downloads
from dashboard.labels.data.distances import Distance, distance
from dashboard.labels.data.distribution import Mix, mix, mixes
from dashboard.labels.figures.distribution import distribution
from dashboard.labels.figures.policies import policies
from dashboard.labels.page.sites import UNDER, is_test, source, tests
from dashboard.labels.text.distribution import how_mixed, mix_described, policies_described
from dashboard.labels.text.sites import site
from dashboard.notation import told_of
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.downloads import Download
from dashboard.results.side import Side
from dashboard.url_choice import url_choice


def answer(comparison: Comparison) -> str:
    """How far the mixes of both sites are apart."""
    internal, external, between = _mixes(comparison)
    return how_mixed(internal, external, between=between, is_test=is_test(comparison, tests(comparison)[0]))


def show(comparison: Comparison) -> None:
    """Draws this part of the page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        under = url_choice("under", "Label policies", UNDER)
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
    counts = [internal.images, *([external.images] if external else [])]
    show_figure(
        lambda colors: distribution(internal, external, between=between, is_test=tested, palette=colors),
        key="distribution",
        alt=mix_described(internal, external),
        source=source(
            comparison,
            dict(zip(tests(comparison), counts, strict=True)),
            name="mix",
            title=told_of(comparison.noun, "Mix of classes, images with a single class"),
        ),
    )
    both = [each for each in (internal, external) if each is not None]
    _offer(
        comparison,
        list(zip(tests(comparison), both, strict=True)),
        name="labels_mix",
        holds="The share of each class among the images with a single class",
    )


def _show_policies(comparison: Comparison, test: TestSet) -> None:
    found = mixes(comparison.run, test)
    st.markdown(site(test, is_test=is_test(comparison, test)))
    tested = is_test(comparison, test)
    show_figure(
        lambda colors: policies(
            found,
            shown=test.policy,
            reach=_reach(comparison),
            color=test.side.color(colors) if tested else colors.training,
            palette=colors,
        ),
        key=f"policies_{test.role}",
        alt=policies_described(found),
        source=source(
            comparison,
            {test: next((each.images for each in found if each.policy == test.policy), 0)},
            name=f"mix_by_policy_{test.side}",
            title="Mix of classes under each label policy",
        ),
    )
    _offer(
        comparison,
        [(test, each) for each in found],
        name="labels_mix_by_policy",
        holds="The share of each class among the images with a single class, under each label policy",
        of=test.side,
    )


def _reach(comparison: Comparison) -> float:
    """The greatest share that is shown of either site under any of its policies."""
    shown = [row.share for test in tests(comparison) for each in mixes(comparison.run, test) for row in each.classes]
    return max((share.value for share in shown if share.is_number), default=0.0)


def _mixes(comparison: Comparison) -> tuple[Mix, Mix | None, Distance | None]:
    theirs = comparison.test(Side.EXTERNAL)
    internal = mix(comparison.run, tests(comparison)[0])
    external = mix(comparison.run, theirs) if theirs is not None else None
    return internal, external, distance(internal, external) if external is not None else None


def _offer(
    comparison: Comparison, found: Sequence[tuple[TestSet, Mix]], *, name: str, holds: str, of: str = ""
) -> None:
    widgets.download(
        Download(
            run=comparison.run.name,
            name=name,
            of=of,
            holds=told_of(comparison.noun, holds),
            rows=lambda: [row for test, each in found for row in downloads.mix_rows(comparison.run, test, each)],
        )
    )
