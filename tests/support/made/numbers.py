"""Numbers made by hand, as the reader of `metric` and `gap` gives them."""

from dashboard.notation import Estimate
from dashboard.results.baselines import LINES, Baselines
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair


def number(
    value: float,
    *,
    finding: str | None = "Cardiomegaly",
    half: float = 0.1,
    n: int = 500,
    positives: int | None = 60,
    estimable: bool = True,
) -> Number:
    """A number of one test, with an interval of so much on either side."""
    return Number(
        model="split",
        regime="split",
        fold=None,
        member=None,
        kind="internal_test",
        dataset="vinbigdata",
        policy="dominant",
        task="single_class",
        stratum="all",
        finding=finding,
        metric="recall",
        estimate=Estimate(value=value, low=value - half, high=value + half, n=n, estimable=estimable),
        positives=positives,
    )


def lost(value: float, *, half: float = 0.05, estimable: bool = True) -> Estimate:
    return Estimate(value=value, low=value - half, high=value + half, n=0, estimable=estimable)


def pair(name: str, internal: Number | None, external: Number | None, by: Estimate | None = None) -> Pair:
    return Pair(name=name, internal=internal, external=external, lost=by)


def no_skill(best_constant: float = 0.32, *, best_class: str | None = "x", estimable: bool = True) -> Baselines:
    lines = dict(zip(LINES, (0.17, 0.2, 0.2, 0.25, best_constant), strict=True))
    return Baselines(lines=lines, best_class=best_class, estimable=estimable)
