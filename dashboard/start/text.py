"""The runs of a results folder in words, a row each."""

import math

from cxr_core.metrics.catalogue import is_share
from cxr_core.store.outline import FirstTest, Outline
from cxr_core.store.runs import FoundRun
from dashboard import words
from dashboard.components.run_list import Row
from dashboard.notation import Estimate, amount, bracket, counted, plural
from dashboard.results.side import Side

STATES = {"complete": "", "unfinished": "not complete", "damaged": "cannot be read"}

_LABELS = {"accuracy": "", "macro_auroc": "macro AUROC ", "macro_recall": "macro sensitivity "}


def row(run: FoundRun, *, href: str) -> Row:
    """A run as it stands in the list, in plain text.

    Args:
        run: Of any state.
        href: Where its link leads.
    """
    outlined = run.outline
    return Row(
        id=run.name,
        href=href,
        name=words.one_line(run.name),
        day=f"{run.created_at:%-d %b %Y}" if run.state == "complete" else "",
        sites=_sites(outlined) if outlined else "",
        images=_images(outlined) if outlined else "",
        is_synthetic=bool(outlined and outlined.synthetic),
        headline=_headline(outlined) if outlined else "",
        state=STATES[run.state],
    )


def heading(runs: int) -> str:
    """The sentence under the title."""
    return (
        f"{counted(runs, 'run')}, the newest first. A number is that of the model and label policies a run opens with."
    )


def _sites(outlined: Outline) -> str:
    return " → ".join(
        words.listed([words.one_line(words.dataset(name, synthetic=False)) for name in names])
        for site in ("source", "external")
        if (names := [name for name, own in outlined.sites.items() if own == site])
    )


def _images(outlined: Outline) -> str:
    tests = {side: test for side in Side if (test := outlined.tests.get(side.role)) is not None}
    said = ", ".join(f"{test.n:,} {side}" for side, test in tests.items())
    units = {test.unit for test in tests.values()}
    return f"{said} {plural('study')}" if units == {"study"} else said


def _headline(outlined: Outline) -> str:
    test = outlined.tests.get(Side.EXTERNAL.role)
    if test is None:
        return "no external test"
    if test.not_estimable or math.isnan(test.value):
        return f"not estimable: {counted(test.n, test.unit)}"
    estimate = _estimate(test)
    return f"{_LABELS[test.metric]}{amount(estimate)} {bracket(estimate)}".strip()


def _estimate(test: FirstTest) -> Estimate:
    return Estimate(
        value=test.value,
        low=test.interval.low,
        high=test.interval.high,
        n=test.n,
        estimable=not test.not_estimable,
        unit="share" if is_share(test.metric) else "score",
    )
