"""The numbers of two tests: one reader of the tables `metric` and `gap`, and the row that it gives."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

import streamlit as st

from cxr_core.metrics import catalogue
from cxr_core.metrics.record import Task as Task  # noqa: PLC0414 (pages have it from here)
from cxr_core.roles import local_model
from cxr_core.statistics.members import summary
from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.database import Value, ask, number
from dashboard.results.side import Role

Kind = Literal["train", Role, "external_adapted", "gap"]
"""What a number is of: training images, one of the two tests, the external site after a fit to its patients, or what is
lost between the tests."""

_KINDS = get_args(Kind)

ALL = "all"
"""The stratum of every image."""

STATED = "stated"
"""The operating point of a finding: the threshold, or the flag, that came with the predictions."""

_AT_POINT = """
    operating_point IS NOT DISTINCT FROM
        CASE WHEN task = 'finding' AND metric IN (SELECT unnest($at_threshold)) THEN $point END
"""

_AT_THRESHOLD = tuple(one.name for is_mean in (False, True) for one in catalogue.at_threshold(is_mean=is_mean))

_NUMBERS = """
    WITH shown AS (
        SELECT model_id, role, dataset, policy, stratum, finding, metric, operating_point, value, low, high, n,
            n_positive, n_effective, not_estimable
        FROM metric
        WHERE task = $task AND metric IN (SELECT unnest($metrics)) AND AT_POINT
            AND stratum = coalesce($stratum, stratum) AND (
            (role = 'internal_test' AND dataset = $internal_dataset AND policy = $internal_policy)
            OR (role = 'external_test' AND dataset = $external_dataset AND policy = $external_policy)
            OR (role = 'external_adapted' AND dataset = $external_dataset AND policy = $external_policy
                AND model_id = $local)
            OR (role = 'train' AND (dataset, policy) IN (
                SELECT (dataset, CASE WHEN dataset = $internal_dataset THEN $internal_policy ELSE training_policy END)
                FROM dataset WHERE site = 'source' AND training_policy IS NOT NULL
            )))
        UNION ALL
        SELECT model_id, 'gap', NULL, NULL, stratum, finding, metric, operating_point, value, low, high, 0, NULL, NULL,
            not_estimable
        FROM gap
        WHERE task = $task AND metric IN (SELECT unnest($metrics)) AND AT_POINT
            AND stratum = coalesce($stratum, stratum)
            AND internal_dataset = $internal_dataset AND internal_policy = $internal_policy
            AND external_dataset = $external_dataset AND external_policy = $external_policy
    )
    SELECT model_id, regime, fold, member, role, dataset, policy, stratum, finding, metric, operating_point,
        coalesce(unit, 'image'), value, low, high, n, n_positive, n_effective, not_estimable
    FROM shown JOIN model USING (model_id) LEFT JOIN (SELECT dataset, unit FROM dataset) USING (dataset)
    WHERE model_id = coalesce($model, model_id) OR model_id = $local
    ORDER BY regime = 'full', regime, member IS NOT NULL, fold, member, model_id
""".replace("AT_POINT", _AT_POINT)


@dataclass(frozen=True, kw_only=True)
class Number:
    """One row of `metric`, or of `gap`.

    Attributes:
        model: Whose.
        regime: What that was trained on; None if it was brought.
        fold: The fold that it held out; None without folds, and for an ensemble over all of them.
        member: From 0; None for an ensemble.
        kind: What it is of; a gap is internal minus external.
        dataset: Of which images; None for a gap.
        policy: Under which label policy; None for a gap.
        task: Over which images.
        stratum: Of which images: ``all``, or ``view=PA``.
        finding: Of which class; None of no one class.
        metric: Its name in the catalogue.
        estimate: Its value, of all images that count; a gap's has no images of its own.
        positives: Images with the class; None of no one class, and for a gap.
        predicted: Images predicted as the class; None where no metric that rests on them was asked for.
        operating_point: At which one; None for a number that needs none.
        noun: What it is counted in: ``image``, or ``study``.
    """

    model: str
    regime: str | None
    fold: int | None
    member: int | None
    kind: Kind
    dataset: str | None
    policy: str | None
    task: Task
    stratum: str
    finding: str | None
    metric: str
    estimate: Estimate
    positives: int | None
    predicted: int | None = None
    operating_point: str | None = None
    noun: str = "image"

    @property
    def is_ensemble(self) -> bool:
        """Whether it is of a model of its own: no member, nor the ensemble of one fold."""
        return self.member is None and self.regime in (None, self.model)

    @property
    def place(self) -> int:
        """Where its kind stands: training images first, then the tests, what is lost last."""
        return _KINDS.index(self.kind)

    @property
    def images(self) -> int:
        """Images of the class; of no one class, all images."""
        return self.estimate.n if self.positives is None else self.positives

    @property
    def prevalence(self) -> float:
        """Share of images with the class; NaN of no one class, and without images."""
        return math.nan if self.positives is None or not self.estimate.n else self.positives / self.estimate.n


@st.cache_data(max_entries=128, show_spinner=False)
def numbers(
    comparison: Comparison,
    *,
    metrics: tuple[str, ...],
    task: Task = "single_class",
    stratum: str | None = ALL,
    every_model: bool = False,
    point: str = STATED,
    is_local: bool = False,
) -> tuple[Number, ...]:
    """Every number of some metrics: of the training images, of both tests, and what is lost between these.

    Args:
        comparison: Which model and which tests.
        metrics: Their names in the catalogue.
        task: Over which images.
        stratum: Of which of them; None: of every group of images.
        every_model: Whether the numbers of all models of the run are asked for.
        point: The operating point of those that need a threshold.
        is_local: Whether those after a fit to patients of the external site are asked for too.

    Returns:
        Split before full, an ensemble before its members, and these by fold and number. The training images' labels
        are of the internal test's policy where they are of its dataset, else of the policy that was trained with.
    """
    given = {
        **comparison.parameters(),
        "task": task,
        "metrics": metrics,
        "at_threshold": _AT_THRESHOLD,
        "stratum": stratum,
        "model": None if every_model else comparison.model,
        "point": point,
        "local": local_model(comparison.model) if is_local else None,
    }
    return tuple(_number(row, task=task) for row in ask(comparison.run, _NUMBERS, given))


def mean(estimates: Sequence[Estimate]) -> Estimate | None:
    """The mean of single members, with their range; undefined where one of them is. None of none."""
    if not estimates:
        return None
    found = summary([estimate.value for estimate in estimates])
    worth = [estimate.n_effective for estimate in estimates if not math.isnan(estimate.n_effective)]
    return Estimate(
        value=found.value,
        low=found.low,
        high=found.high,
        n=max(estimate.n for estimate in estimates),
        n_effective=min(worth, default=math.nan),
        estimable=all(estimate.estimable for estimate in estimates),
        spread="range",
        unit=estimates[0].unit,
    )


def _number(row: Sequence[Value], *, task: Task) -> Number:
    model, regime, fold, member, kind, dataset, policy, stratum, finding, metric, point, noun, *values = row
    value, low, high, n, positives, worth, few = values
    return Number(
        model=str(model),
        regime=None if regime is None else str(regime),
        fold=None if fold is None else int(fold),
        member=None if member is None else int(member),
        kind=cast("Kind", kind),
        dataset=None if dataset is None else str(dataset),
        policy=None if policy is None else str(policy),
        task=task,
        stratum=str(stratum),
        finding=None if finding is None else str(finding),
        metric=str(metric),
        estimate=Estimate(
            value=number(value),
            low=number(low),
            high=number(high),
            n=int(number(n)),
            n_effective=number(worth),
            estimable=not few,
            unit="share" if catalogue.is_share(str(metric)) else "score",
        ),
        positives=None if positives is None else int(positives),
        operating_point=None if point is None else str(point),
        noun=str(noun),
    )
