"""Findings of a sealed run, for the terminal: each internally and externally, those that changed most first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

_TESTS = """
    WITH shown AS (
        SELECT dataset, coalesce(training_policy, policy) AS policy, coalesce(unit, 'image') AS unit
        FROM dataset JOIN policy USING (dataset)
        WHERE is_default
    )
    SELECT DISTINCT model_id, dataset, policy, role, unit
    FROM metric JOIN model USING (model_id) JOIN shown USING (dataset, policy)
    WHERE outputs = 'sigmoid' AND member IS NULL AND (origin = 'brought' OR model_id = regime)
        AND task = 'finding' AND stratum = 'all' AND n > 0
    ORDER BY ALL
"""

_NUMBERS = """
    SELECT finding, metric, value, low, high, n, n_positive, not_estimable
    FROM metric
    WHERE model_id = $model AND dataset = $dataset AND policy = $policy AND role = $role
        AND task = 'finding' AND stratum = 'all' AND finding IS NOT NULL
        AND (metric = 'auroc' AND operating_point IS NULL
            OR metric IN ('recall', 'specificity') AND operating_point = 'stated')
"""

_GAPS = """
    SELECT finding, metric, value, low, high, 0, 0, not_estimable
    FROM gap
    WHERE model_id = $model AND internal_dataset = $internal AND internal_policy = $internal_policy
        AND external_dataset = $external AND external_policy = $external_policy
        AND task = 'finding' AND stratum = 'all' AND finding IS NOT NULL
        AND (metric = 'auroc' AND operating_point IS NULL
            OR metric IN ('recall', 'specificity') AND operating_point = 'stated')
"""

_ROLES = {
    "train": "training images, no test",
    "validation": "validation, no test",
    "internal_test": "internal test",
    "external_test": "external test",
    "external_adapted": "adapted to this site, no external test",
}

_FEW = " *: not estimable, fewer than 30 images as patients count."
_NONE = " -: not labelled, not predicted, or undefined."

_WHOSE = """
    SELECT CASE WHEN count(patient_id) > 0 THEN 'patients' WHEN count(study_id) > 0 THEN 'studies' ELSE 'images' END
    FROM image WHERE dataset IN (SELECT unnest($datasets)) AND left_out IS NULL GROUP BY dataset
"""

_COLUMNS = {"auroc": "AUROC", "recall": "sensitivity", "specificity": "specificity"}
"""What is shown of each finding; the first that a run has decides the order."""


@dataclass(frozen=True, kw_only=True)
class _Test:
    """Images of one role that a model was tested on."""

    model: str
    dataset: str
    policy: str
    role: str
    unit: str

    @property
    def name(self) -> str:
        counted = ", n counts studies" if self.unit == "study" else ""
        return f"{_ROLES.get(self.role, self.role)}: {self.dataset}, labels by {self.policy}{counted}"


@dataclass(frozen=True, kw_only=True)
class _Number:
    value: float | None
    low: float | None
    high: float | None
    n: int
    n_positive: int
    is_few: bool

    def shown(self) -> str:
        if self.value is None:
            return "-"
        interval = "" if self.low is None or self.high is None else f" [{_three(self.low)}, {_three(self.high)}]"
        return f"{_three(self.value)}{interval}{'*' if self.is_few else ''}"


_Numbers = dict[tuple[str, str], _Number]


def finding_blocks(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """A block for each model with outputs that do not exclude each other, and pair of internal and external test.

    Args:
        connection: A sealed results file.

    Returns:
        Lines of text each; without an internal test, a block for each site. None where a run has no such model.
    """
    tests = [
        _Test(model=model, dataset=dataset, policy=policy, role=role, unit=unit)
        for model, dataset, policy, role, unit in connection.execute(_TESTS).fetchall()
    ]
    findings = [name for (name,) in connection.execute("SELECT name FROM finding ORDER BY index").fetchall()]
    return [
        _block(connection, sides, findings)
        for model in dict.fromkeys(test.model for test in tests)
        for sides in _sides([test for test in tests if test.model == model])
    ]


def _sides(tests: Sequence[_Test]) -> list[tuple[_Test, ...]]:
    """Pairs of an internal and an external test, then whatever is in no pair."""
    inside, outside = ([test for test in tests if test.role == role] for role in ("internal_test", "external_test"))
    pairs: list[tuple[_Test, ...]] = [(one, other) for one in inside for other in outside]
    return [*pairs, *((test,) for test in tests if not any(test in pair for pair in pairs))]


def _block(connection: duckdb.DuckDBPyConnection, sides: tuple[_Test, ...], findings: Sequence[str]) -> str:
    numbers = [_numbers(connection, side) for side in sides]
    gaps = _gaps(connection, *sides) if len(sides) > 1 else {}
    shown = [metric for metric in _COLUMNS if any(metric == each for found in numbers for _, each in found)]
    order = sorted(findings, key=lambda finding: _changed(gaps.get((finding, shown[0])))) if shown else []
    head = [f"Model: {sides[0].model}", *(f"  {side.name}" for side in sides)]
    parts = [[metric] for metric in shown] if len(sides) > 1 else [shown]
    tables = [
        _table(part, order, numbers=numbers, gaps=gaps if len(sides) > 1 else None, has_n=part == parts[0])
        for part in parts
    ]
    lines = [line for table in tables for line in table]
    return "\n".join([*head, *lines, _legend(connection, sides, lines)])


def _legend(connection: duckdb.DuckDBPyConnection, sides: Sequence[_Test], lines: Sequence[str]) -> str:
    """What the intervals are over, and of the signs those that are there."""
    found = connection.execute(_WHOSE, {"datasets": [side.dataset for side in sides]}).fetchall()
    has_patients = ("patients",) in found
    others = " and ".join(name for name in ("studies", "images") if (name,) in found)
    instead = f"over {others}, since patients are not recorded" if others else ""
    over = f"over patients{f'; at one site {instead}' if instead else ''}" if has_patients else instead
    few = _FEW if any("*" in line for line in lines) else ""
    none = _NONE if any(" - " in f"{line} " for line in lines) else ""
    return f"  Intervals: 95 %, {over}.{few}{none}"


def _changed(gap: _Number | None) -> float:
    return math.inf if gap is None or gap.value is None else -abs(gap.value)


def _table(
    metrics: Sequence[str],
    findings: Sequence[str],
    *,
    numbers: Sequence[_Numbers],
    gaps: _Numbers | None,
    has_n: bool,
) -> list[str]:
    heads = [head for metric in metrics for head in _heads(metric, is_pair=gaps is not None)]
    counts_of = ["n, positive"] if gaps is None else ["n, positive internal", "n, positive external"]
    rows = [["", *(counts_of if has_n else []), *heads]]
    sides = numbers if gaps is None else [*numbers, gaps]
    for finding in findings:
        counted = [side.get((finding, metrics[0])) for side in numbers] if has_n else []
        counts = [f"{one.n:,}, {one.n_positive:,}" if one else "-" for one in counted]
        found = [side.get((finding, metric)) for metric in metrics for side in sides]
        rows.append([finding, *counts, *(one.shown() if one else "-" for one in found)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _heads(metric: str, *, is_pair: bool) -> list[str]:
    name = _COLUMNS[metric]
    return [f"{name} internal", f"{name} external", "lost"] if is_pair else [name]


def _three(value: float) -> str:
    return f"{round(value, 3) + 0.0:.3f}"  # No -0.000.


def _numbers(connection: duckdb.DuckDBPyConnection, test: _Test) -> _Numbers:
    given = {"model": test.model, "dataset": test.dataset, "policy": test.policy, "role": test.role}
    return _keyed(connection.execute(_NUMBERS, given).fetchall())


def _gaps(connection: duckdb.DuckDBPyConnection, inside: _Test, outside: _Test) -> _Numbers:
    given = {
        "model": inside.model,
        "internal": inside.dataset,
        "internal_policy": inside.policy,
        "external": outside.dataset,
        "external_policy": outside.policy,
    }
    return _keyed(connection.execute(_GAPS, given).fetchall())


def _keyed(
    rows: Sequence[tuple[str, str, float | None, float | None, float | None, int, int, bool]],
) -> _Numbers:
    return {
        (finding, metric): _Number(value=value, low=low, high=high, n=n, n_positive=n_positive, is_few=is_few)
        for finding, metric, value, low, high, n, n_positive, is_few in rows
    }
