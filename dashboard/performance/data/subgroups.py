"""Recall by view, sex, age and attribute in both tests."""

import math
from dataclasses import dataclass

from dashboard.results.comparison import Comparison
from dashboard.results.database import ask
from dashboard.results.downloads import Row, gap_rows, number_rows
from dashboard.results.metrics import Number, numbers
from dashboard.results.pairs import Pair, pairs
from dashboard.results.side import Side

KINDS = ("all", "view", "sex", "age")
"""What images are grouped by, in the order of the page, before their attributes; ``all`` is every image."""

_BEST_CONSTANT = "no_skill_best_constant"

_POLICIES = """
    SELECT DISTINCT policy FROM metric
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND stratum <> 'all' AND $policy IS NOT NULL
    ORDER BY policy
"""


@dataclass(frozen=True, kw_only=True)
class Subgroup:
    """Images of one view, sex or age, or with one value of an attribute.

    Attributes:
        scores: Recall of the class in both tests; over all classes the accuracy.
        constants: Over all classes, what always giving the group's most frequent class scores; None for one class.
    """

    scores: Pair
    constants: Pair | None

    @property
    def stratum(self) -> str:
        """As stored: ``view=PA``."""
        return self.scores.name

    @property
    def kind(self) -> str:
        """What the images are grouped by: one of `KINDS`, or the name of an attribute."""
        return self.stratum.partition("=")[0]

    @property
    def is_by_attribute(self) -> bool:
        """Whether the images are grouped by an attribute: of those a site has groups of some values alone."""
        return self.kind not in KINDS

    def best_constant(self, side: Side) -> float:
        """What always giving the group's most frequent class scores in a test; NaN for one class, or few images."""
        constant = None if self.constants is None else self.constants.of(side)
        return constant.estimate.value if constant is not None and constant.estimate.estimable else math.nan


def subgroups(comparison: Comparison, *, finding: str | None, metric: str | None = None) -> tuple[Subgroup, ...]:
    """Every group that has an image at one of the sites.

    All images come first, then those by view, by sex, by age from young to old, and by each attribute, by its name.

    Args:
        comparison: Which model and which tests.
        finding: The class; None: the share of images of any class that are right, which is recall over all of them.
        metric: Of findings that do not exclude each other, which metric; None of these is the mean over them.
    """
    scores = _by_stratum(comparison, finding=finding, metric=metric)
    constants = _constants(comparison) if finding is None and metric is None else {}
    return tuple(Subgroup(scores=scores[each], constants=constants.get(each)) for each in sorted(scores, key=_order))


def policies_with_groups(comparison: Comparison) -> dict[Side, tuple[str, ...]]:
    """Of each test that has no group under the policy that is shown: the policies under which the run has groups.

    Above ten classes a run has them under few policies (ADR 16). A test whose dataset has none at all is missing.
    """
    found: dict[Side, tuple[str, ...]] = {}
    for side, test in comparison.tests.items():
        known = [str(policy) for (policy,) in ask(comparison.run, _POLICIES, test.parameters())]
        if known and test.policy not in known:
            found[side] = tuple(known)
    return found


def metric_of(finding: str | None, metric: str | None = None) -> str:
    """What is measured of each group."""
    if metric is not None:
        return metric if finding is not None else f"macro_{metric}"
    return "accuracy" if finding is None else "recall"


def subgroup_rows(comparison: Comparison, *, finding: str | None, metric: str | None = None) -> list[Row]:
    """The groups in both tests for a download, with the best constant answers where these are known."""
    found = _of_groups(comparison, finding, metric)
    return number_rows(comparison.run, (row for row in found if row.kind != "train"))


def subgroup_gap_rows(comparison: Comparison, *, finding: str | None, metric: str | None = None) -> list[Row]:
    """What is lost in each group, for a download."""
    return gap_rows(comparison, _of_groups(comparison, finding, metric))


def _of_groups(comparison: Comparison, finding: str | None, metric: str | None) -> list[Number]:
    constant = (_BEST_CONSTANT,) if finding is None and metric is None else ()
    metrics = (metric_of(finding, metric), *constant)
    rows = numbers(comparison, metrics=metrics, stratum=None, task="single_class" if metric is None else "finding")
    found = [row for row in rows if row.finding == finding]
    return sorted(found, key=lambda row: (metrics.index(row.metric), _order(row.stratum), row.place))


def _by_stratum(comparison: Comparison, *, finding: str | None, metric: str | None) -> dict[str, Pair]:
    rows = numbers(
        comparison,
        metrics=(metric_of(finding, metric),),
        stratum=None,
        task="single_class" if metric is None else "finding",
    )
    return {pair.name: pair for pair in pairs((r for r in rows if r.finding == finding), name=lambda row: row.stratum)}


def _constants(comparison: Comparison) -> dict[str, Pair]:
    rows = (row for row in numbers(comparison, metrics=(_BEST_CONSTANT,), stratum=None) if row.finding is None)
    return {pair.name: pair for pair in pairs(rows, name=lambda row: row.stratum)}


def _order(stratum: str) -> tuple[int, str, str]:
    kind, _, value = stratum.partition("=")
    return KINDS.index(kind) if kind in KINDS else len(KINDS), kind, value
