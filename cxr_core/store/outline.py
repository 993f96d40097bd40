"""A run in one line: the numbers that it is opened with."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from cxr_core.statistics.intervals import Interval

_SQL = """
    WITH first_model AS (
        SELECT model_id, outputs FROM model WHERE member IS NULL AND (model_id = regime OR origin = 'brought')
        ORDER BY (regime = 'full') IS TRUE, 1 LIMIT 1
    )
    SELECT role, dataset, metric, value, low, high, n, not_estimable, coalesce(unit, 'image')
    FROM metric JOIN first_model USING (model_id) JOIN dataset USING (dataset) JOIN policy USING (dataset, policy)
    WHERE stratum = 'all' AND n > 0 AND (outputs, task, metric, coalesce(operating_point, '')) IN (
            ('softmax', 'single_class', 'accuracy', ''),
            ('sigmoid', 'finding', 'macro_auroc', ''),
            ('sigmoid', 'finding', 'macro_recall', 'stated')
        )
        AND role = CASE site WHEN 'external' THEN 'external_test' ELSE 'internal_test' END
    ORDER BY metric = 'macro_recall', training_policy IS NULL, dataset,
        (policy = training_policy) IS NOT TRUE, NOT is_default, policy
"""

_SITES = "SELECT dataset, site, synthetic FROM dataset ORDER BY site = 'external', dataset"


@dataclass(frozen=True, kw_only=True)
class FirstTest:
    """One test of a run's first model, on the first dataset of that side under its first policy.

    Attributes:
        dataset: The images.
        metric: What is measured: ``accuracy``; of findings ``macro_auroc``, of flags alone ``macro_recall``.
        value: In [0, 1]; NaN where it is not defined.
        interval: 95 %, over patients; none where it was not recorded.
        n: Images, or studies.
        unit: Which of the two: ``image``, or ``study``.
        not_estimable: Whether they are too few, as patients count.
    """

    dataset: str
    metric: str
    value: float
    interval: Interval
    n: int
    unit: str
    not_estimable: bool


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What one must know of a run to choose it among others.

    Attributes:
        sites: From each dataset to whether it is ``source``, ``external`` or ``validation``, the source first.
        synthetic: The datasets whose images a computer drew.
        tests: From ``internal_test`` and ``external_test``, in this order, to the first test of that role; one that the
            run has not is missing.
    """

    sites: Mapping[str, str]
    synthetic: frozenset[str]
    tests: Mapping[str, FirstTest]


def outline(connection: duckdb.DuckDBPyConnection) -> Outline:
    """An open results file in one line.

    Raises:
        duckdb.Error: If a table cannot be read.
    """
    sites = connection.execute(_SITES).fetchall()
    tests = connection.execute(_SQL).fetchall()
    first: dict[str, FirstTest] = {}
    for role, dataset, metric, value, low, high, n, not_estimable, unit in tests:
        first.setdefault(
            role,
            FirstTest(
                dataset=dataset,
                metric=metric,
                value=_number(value),
                interval=Interval(low=_number(low), high=_number(high)),
                n=n,
                unit=unit,
                not_estimable=not_estimable,
            ),
        )
    return Outline(
        sites={dataset: site for dataset, site, _ in sites},
        synthetic=frozenset(dataset for dataset, _, synthetic in sites if synthetic),
        tests=dict(sorted(first.items(), reverse=True)),
    )


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
