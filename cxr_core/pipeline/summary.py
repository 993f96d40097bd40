"""A sealed run for the terminal: the paper's Table 1, with roles, intervals and no-skill lines beside every accuracy.

Of models whose outputs do not exclude each other, the findings instead.
"""

from pathlib import Path

import duckdb

from cxr_core.metrics.catalogue import record
from cxr_core.pipeline.finding_summary import finding_blocks
from cxr_core.pipeline.shift_summary import shift_blocks
from cxr_core.store.open import open_run

_POLICIES = """
    SELECT dataset, site, coalesce(training_policy, policy) AS policy, training_policy IS NOT NULL AS trained_on
    FROM dataset JOIN policy USING (dataset)
    WHERE is_default
    ORDER BY site DESC, trained_on DESC, dataset
"""

_ACCURACY = """
    SELECT coalesce(regime, model_id) AS regime, member, role, value, low, high, n, not_estimable
    FROM metric JOIN model USING (model_id)
    WHERE dataset = $dataset AND policy = $policy AND task = 'single_class' AND stratum = 'all' AND metric = 'accuracy'
      AND operating_point IS NULL AND value IS NOT NULL
      AND (member IS NOT NULL OR model_id = coalesce(regime, model_id))
    ORDER BY regime DESC, member
"""

_LABELLED = """
    SELECT count(class), count(*)
    FROM reference JOIN image USING (dataset, image_id)
    WHERE dataset = $dataset AND policy = $policy AND image.left_out IS NULL
"""

_TESTS = """
    SELECT DISTINCT role
    FROM metric
    WHERE task = 'single_class' AND stratum = 'all' AND metric = 'accuracy'
      AND operating_point IS NULL AND value IS NOT NULL
"""

_NO_SKILL = """
    SELECT DISTINCT metric, value, n
    FROM metric
    WHERE model_id = $model AND dataset = $dataset AND policy = $policy AND role = $role AND task = 'single_class'
      AND stratum = 'all' AND metric LIKE 'no_skill_%' AND operating_point IS NULL AND value IS NOT NULL
    ORDER BY metric
"""

_GAPS = """
    SELECT model_id, internal_dataset, external_dataset, value, low, high, not_estimable
    FROM gap JOIN ({policies}) AS internal ON internal_dataset = internal.dataset AND internal_policy = internal.policy
             JOIN ({policies}) AS external ON external_dataset = external.dataset AND external_policy = external.policy
    WHERE task = 'single_class' AND stratum = 'all' AND metric = 'accuracy'
      AND operating_point IS NULL AND gap.value IS NOT NULL
    ORDER BY ALL
"""

_TOO_FEW = ", not estimable: fewer than 30 images as patients count"

_ROLES = {
    "train": "training images, no test",
    "validation": "validation, no test",
    "internal_test": "internal test",
    "external_test": "external test",
    "external_adapted": "adapted to this site, no external test",
}


def summary(results: Path) -> str:
    """Accuracy of every configuration on every dataset, each with its role, and what no skill would score.

    Args:
        results: A sealed results file.

    Returns:
        Lines of text; an accuracy over no images has no line, and a dataset without any says so. Of models whose
        outputs do not exclude each other, blocks of findings, and no accuracy where there are no others.
    """
    with open_run(results) as connection:
        findings = [*finding_blocks(connection), *shift_blocks(connection)]
        if connection.execute("SELECT count(*) FROM model WHERE outputs = 'softmax'").fetchall() == [(0,)]:
            return "\n\n".join(findings or ["No finding has a number: no image with a known label was predicted."])
        blocks = [
            _dataset(connection, dataset, policy) for dataset, _, policy, _ in connection.execute(_POLICIES).fetchall()
        ]
        return "\n\n".join([*blocks, _gaps(connection), *findings])


def _dataset(connection: duckdb.DuckDBPyConnection, dataset: str, policy: str) -> str:
    rows = connection.execute(_ACCURACY, {"dataset": dataset, "policy": policy}).fetchall()
    groups: dict[tuple[str, str], list[tuple[float, float | None, float | None, str, bool]]] = {}
    for regime, member, role, value, low, high, n, few in rows:
        size = f"n = {n:,}{_TOO_FEW if few else ''}"
        groups.setdefault((regime, role), []).append((value, low, high, size, member is None))
    lines = [f"{dataset}, labels by {policy}"]
    for (regime, role), found in groups.items():
        for value, low, high, size, _ in (one for one in found if one[4]):
            lines.append(_line(_named(connection, regime), value, _interval(low, high), _ROLES[role], size))
        singles = [value for value, *_, is_ensemble in found if not is_ensemble]
        if singles:
            mean, spread = sum(singles) / len(singles), f"({min(singles):.1%} to {max(singles):.1%})".replace("%", "")
            lines.append(_line(f"{regime}, single", mean, spread, _ROLES[role], found[0][3]))
    for regime, role in [one for one in groups if one[1] != "train"][:1]:
        given = {"model": regime, "dataset": dataset, "policy": policy, "role": role}
        for metric, value, _ in connection.execute(_NO_SKILL, given).fetchall():
            lines.append(f"  no skill: {record(metric).label:<30} {_percent(value)}")
    return "\n".join(lines if rows else [*lines, _nothing(connection, dataset, policy)])


def _nothing(connection: duckdb.DuckDBPyConnection, dataset: str, policy: str) -> str:
    """Why a dataset has no accuracy."""
    labelled, images = connection.execute(_LABELLED, {"dataset": dataset, "policy": policy}).fetchall()[0]
    if labelled:
        return f"  no accuracy: of {labelled:,} images with a single class none was predicted"
    return f"  no accuracy: none of {images:,} images has a single class to compare a prediction with"


def _named(connection: duckdb.DuckDBPyConnection, model_id: str) -> str:
    """What a model is called: a brought one is no ensemble, as far as is known."""
    (regime,) = connection.execute("SELECT regime FROM model WHERE model_id = ?", [model_id]).fetchall()[0]
    return f"{model_id}, ensemble" if regime else model_id


def _line(name: str, value: float, spread: str, role: str, size: str) -> str:
    return f"  {name:<18} {_percent(value)} {spread:<16} {role}, {size}"


def _gaps(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(_GAPS.format(policies=_POLICIES)).fetchall()
    if not rows:
        return _no_gap({role for (role,) in connection.execute(_TESTS).fetchall()})
    lines = ["Points lost, internal minus external test"]
    for model, internal, external, value, low, high, few in rows:
        interval = "no interval" if low is None else f"[{100 * low:.1f}, {100 * high:.1f}]"
        lost = f"{100 * value:.1f} {interval}{_TOO_FEW if few else ''}"
        lines.append(f"  {_named(connection, model)}    {internal} to {external}: {lost}")
    return "\n".join(lines)


def _no_gap(roles: set[str]) -> str:
    if "internal_test" not in roles:
        return "No gap: there is no internal test to compare the external test with."
    if "external_test" not in roles:
        return "No gap: no image of an external site has a single class to compare a prediction with."
    return "No gap: no model has both an internal and an external test."


def _percent(value: float) -> str:
    return f"{100 * value:5.1f} %"


def _interval(low: float | None, high: float | None) -> str:
    return "no interval" if low is None or high is None else f"[{100 * low:.1f}, {100 * high:.1f}]"
