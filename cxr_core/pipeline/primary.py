"""The primary comparison of a run, declared before any number is seen: all else is marked as exploratory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.metrics.catalogue import METRICS
from cxr_core.metrics.record import Metric, Task
from cxr_core.pipeline.sites import Planned
from cxr_core.store import write

_SHOWN = """
    SELECT dataset, coalesce(training_policy, policy) FROM dataset JOIN policy USING (dataset)
    WHERE is_default ORDER BY dataset
"""

_SCORES = "SELECT count(probability) FROM prediction"

_AREAS = {"auroc": "recall", "macro_auroc": "macro_recall"}
"""What stands in for areas under curves where there are flags alone."""

_POLICIES = "SELECT dataset, policy FROM policy"

_PAIRS = """
    SELECT DISTINCT internal.dataset, external.dataset
    FROM (SELECT DISTINCT dataset FROM prediction WHERE role = 'internal_test') AS internal,
        (SELECT DISTINCT dataset FROM prediction WHERE role = 'external_test') AS external
    ORDER BY ALL
"""

_COLUMNS = (
    "internal_dataset", "internal_policy", "external_dataset", "external_policy", "task", "stratum", "metric",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Primary:
    """What was declared.

    Attributes:
        metric: Of all classes together, or of the only one.
        task: What it is measured on.
        stratum: Which images.
        policies: From a dataset to the label policy under which it is compared.
        pairs: Internal and external datasets.
    """

    metric: str
    task: Task
    stratum: str
    policies: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...]


def check(experiment: Experiment, datasets: Sequence[Planned]) -> None:
    """Refuses a primary comparison that no number of the run will be of, before hours of work.

    Raises:
        SettingsError: If a metric or a policy is not known, or a metric is of one class among several.
    """
    given = _given(experiment)
    known = [name for name, metric in METRICS.items() if _has_numbers(metric, experiment)]
    if given["metric"] not in known:
        raise SettingsError(f"--primary metric=: expected one of {', '.join(sorted(known))}; found another.")
    for side, sites in (("internal", ("source",)), ("external", ("external",))):
        if side in given:
            for planned in (planned for planned in datasets if planned.site in sites):
                policies = sorted(policy.name for policy in planned.manifest.policies)
                if given[side] not in policies:
                    raise SettingsError(
                        f"--primary {side}=: {planned.manifest.dataset} has the label policies {', '.join(policies)}; "
                        "name one of them."
                    )


def declared(connection: duckdb.DuckDBPyConnection, experiment: Experiment) -> Primary:
    """The primary comparison of a run whose datasets and predictions are in the file.

    Args:
        connection: The new results file.
        experiment: The run's settings.
    """
    given = _given(experiment)
    metric = given["metric"]
    if metric in _AREAS and connection.execute(_SCORES).fetchall() == [(0,)]:
        metric = _AREAS[metric]
    policies = dict(connection.execute(_SHOWN).fetchall())
    known = set(connection.execute(_POLICIES).fetchall())
    pairs = tuple(connection.execute(_PAIRS).fetchall())
    for place, side in enumerate(("internal", "external")):
        for dataset in {pair[place] for pair in pairs}:
            if (dataset, given.get(side)) in known:
                policies[dataset] = given[side]
    task: Task = "single_class" if experiment.outputs == "softmax" and metric in _of_single_classes() else "finding"
    return Primary(metric=metric, task=task, stratum=given.get("stratum", "all"), policies=policies, pairs=pairs)


def append(connection: duckdb.DuckDBPyConnection, primary: Primary) -> None:
    """Appends a row for each pair of tests."""
    rows = [
        (
            *(internal, primary.policies[internal], external, primary.policies[external]),
            *(primary.task, primary.stratum, primary.metric),
        )
        for internal, external in primary.pairs
    ]
    write.append(connection, "primary_comparison", pd.DataFrame(rows, columns=list(_COLUMNS)))


def _given(experiment: Experiment) -> dict[str, str]:
    of_findings = "auroc" if len(experiment.findings) == 1 else "macro_auroc"
    otherwise = "accuracy" if experiment.outputs == "softmax" else of_findings
    typed = dict(each.split("=", 1) for each in experiment.primary)
    return {"metric": otherwise} | typed


def _has_numbers(metric: Metric, experiment: Experiment) -> bool:
    """Whether a run compares one number of it from site to site, of all classes together or of the only one."""
    is_one_number = metric.scope != "class" or len(experiment.findings) == 1
    tasks = {*metric.tasks, *metric.at_threshold}
    return metric.has_gap and is_one_number and (experiment.outputs == "softmax" or "finding" in tasks)


def _of_single_classes() -> set[str]:
    return {name for name, record in METRICS.items() if "single_class" in record.tasks}
