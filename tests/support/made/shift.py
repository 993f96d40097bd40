"""Why a gap is there, by hand: rows of the tables that take gaps apart, for runs that nobody ran."""

from collections.abc import Iterator, Sequence

import duckdb
import pandas as pd

from tests.support.rows import append

TERMS = {
    "balanced_accuracy": (("class_mix", 0.0), ("thresholds", 0.111), ("what_remains", 0.141)),
    "accuracy": (
        ("class_mix", 0.004), ("cause_not_won_back", 0.002), ("cause_won_back", 0.126), ("thresholds", 0.009),
        ("what_remains", 0.137),
    ),
}  # fmt: skip
"""What each part of a gap costs; by classes alike the view is not identifiable."""

REASON = "the images in common count as 95"
HALF_WIDTH = 0.05
INTERNAL = 0.793
OTHER_ORDER = 0.041
GAINS = {20: 0.062, 50: 0.074, 100: 0.079, 200: 0.074}
LACKING = {20: 0.25, 50: 0.005, 100: 0.0, 200: 0.0}
JUDGES = 202
RULES = ("youden", "sensitivity=0.90", "specificity=0.90")
AT_RULE = {
    ("", "internal_test"): {"recall": 0.90, "specificity": 0.88},
    ("", "external_test"): {"recall": 0.70, "specificity": 0.80},
    ("+local", "external_adapted"): {"recall": 0.75, "specificity": 0.82},
}
VERDICTS = (("lost", "kept"), ("slightly lost", "lost"), ("kept", "kept"), ("undecided", "undecided"), (None, None))
"""Of the classes in their order, and again from the first."""

DISTANCE = 1.7

_OF_EACH = """
    SELECT model_id, internal_dataset, internal_policy, external_dataset, external_policy FROM gap JOIN model
    USING (model_id) WHERE model_id = regime AND metric = 'accuracy' AND task = 'single_class' AND stratum = 'all'
        AND (internal_dataset, internal_policy) IN (FROM declared)
        AND (external_dataset, external_policy) IN (FROM declared)
    GROUP BY ALL ORDER BY ALL
"""

_DECLARED = """
    CREATE OR REPLACE TEMP VIEW declared AS
    SELECT dataset, coalesce(training_policy, policy) FROM dataset JOIN policy USING (dataset) WHERE is_default
"""

_PLACE = ("model_id", "internal_dataset", "internal_policy", "external_dataset", "external_policy")


def take_apart(connection: duckdb.DuckDBPyConnection, *, distance: float = DISTANCE) -> None:
    """Adds the rows of every ensemble that has a gap, under the policies that pages show first.

    Args:
        connection: To a results file whose metrics and gaps are there.
        distance: How far the scores of the sites are apart.
    """
    connection.execute(_DECLARED)
    classes = [name for (name,) in connection.execute("SELECT name FROM finding ORDER BY index").fetchall()]
    pairs = connection.execute(_OF_EACH).fetchall()
    for pair in pairs:
        place = dict(zip(_PLACE, pair, strict=True))
        _append(connection, "waterfall", [place | row for row in (*_parts(), *_youden(classes))])
        _append(connection, "verdict", [place | row for row in _verdicts(classes)])
        _append(connection, "class_mix", [place | row for row in _mix(classes, distance=distance)])
        own = {"model_id": pair[0], "dataset": pair[3], "policy": pair[4]}
        _append(connection, "local_patients", [own | row for row in _gains()])
        _append_at_rules(connection, pair)
    declared = {"task": "single_class", "stratum": "all", "metric": "accuracy"}
    rows = [dict(zip(_PLACE[1:], pair[1:], strict=True)) | declared for pair in pairs]
    _append(connection, "primary_comparison", list({tuple(row.items()): row for row in rows}.values()))
    adapted = {"outputs": "softmax", "origin": "adapted"}
    _append(
        connection, "model", [{"model_id": f"{model}+local"} | adapted for model in dict.fromkeys(p[0] for p in pairs)]
    )


def _append(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        append(connection, table, pd.DataFrame(rows, dtype=object))


def _parts() -> Iterator[dict[str, object]]:
    for scale, cause in (("balanced_accuracy", "view"), ("accuracy", "view"), ("balanced_accuracy", "age")):
        terms = dict(TERMS[scale])
        gap = sum(terms.values())
        place = {"finding": None, "scale": scale, "cause": cause}
        yield place | _row("gap", "gap", gap)
        for name in (
            "class_mix",
            "cause_not_won_back",
            "cause_won_back",
            "thresholds",
            "what_remains",
            "other_classes",
        ):
            if name in terms:
                yield place | _row("term", name, terms[name])
            elif name == "other_classes" or cause == "age":
                yield place | _row("term", name, 0.0 if name == "other_classes" else 0.001)
            else:
                yield place | _row("term", name, None) | {"reason": REASON}
        for name, level in (("internal", INTERNAL), ("external", INTERNAL - gap)):
            yield place | _row("level", name, level)
        yield place | _row("other_order", "class_mix", OTHER_ORDER if scale == "accuracy" else 0.0)


def _youden(classes: Sequence[str]) -> Iterator[dict[str, object]]:
    for name in classes:
        place = {"finding": name, "scale": "youden", "cause": None}
        yield place | _row("gap", "gap", 0.28)
        yield place | _row("term", "thresholds", 0.07)
        yield place | _row("term", "ranking", 0.21)


def _row(part: str, name: str, value: float | None) -> dict[str, object]:
    """A value with its interval; 0 by definition, and what is not identifiable, have none."""
    low, high = (value - HALF_WIDTH, value + HALF_WIDTH) if value else (None, None)
    return {"part": part, "name": name, "value": value, "low": low, "high": high, "reason": None}


def _verdicts(classes: Sequence[str]) -> Iterator[dict[str, object]]:
    for place, name in enumerate(classes):
        ranking, threshold = VERDICTS[place % len(VERDICTS)]
        yield {"finding": name, "ranking": ranking, "threshold": threshold}


def _mix(classes: Sequence[str], *, distance: float) -> Iterator[dict[str, object]]:
    k = len(classes)
    for place, name in enumerate(classes):
        shares = {"internal": 1 / k, "external": 2 * (place + 1) / (k * (k + 1)), "estimated": 1 / (k + 1)}
        yield {"finding": name, **shares, "distance": distance}


def _gains() -> Iterator[dict[str, object]]:
    for metric, times in (("balanced_accuracy", 1.0), ("accuracy", 1.5)):
        for patients, gain in GAINS.items():
            ends = {"low": times * gain - 0.03, "high": times * gain + 0.03, "spread": 0.02}
            lacking = {"lacking": LACKING[patients], "judged_by": JUDGES}
            yield {"finding": None, "metric": metric, "patients": patients, "gain": times * gain, **ends, **lacking}


def _append_at_rules(connection: duckdb.DuckDBPyConnection, pair: Sequence[str]) -> None:
    """Sensitivity and specificity by each rule; how many images they rest on is that of recall."""
    model, *tests = pair
    places = {"internal_test": tests[:2], "external_test": tests[2:], "external_adapted": tests[2:]}
    for (suffix, role), values in AT_RULE.items():
        dataset, policy = places[role]
        for metric, value in values.items():
            connection.execute(
                """
                INSERT INTO metric BY NAME
                SELECT metric.* REPLACE ($named AS model_id, $role AS role, 'finding' AS task, $metric AS metric,
                    rule AS operating_point, $value AS value, $value - 0.05 AS low, $value + 0.05 AS high)
                FROM metric, (SELECT unnest($rules) AS rule)
                WHERE model_id = $model AND role = $own AND dataset = $dataset AND policy = $policy
                    AND metric = 'recall' AND task = 'single_class' AND stratum = 'all' AND operating_point IS NULL
                """,
                {
                    "named": f"{model}{suffix}", "model": model, "role": role, "metric": metric, "value": value,
                    "rules": list(RULES), "own": "internal_test" if role == "internal_test" else "external_test",
                    "dataset": dataset, "policy": policy,
                },
            )  # fmt: skip
