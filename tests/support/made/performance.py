"""A made-up run with all that the Performance page shows: scores of every image, classes, macro averages, groups."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from cxr_core.findings import FINDINGS
from dashboard.results.comparison import Comparison, TestSet
from tests.support.made.once import made_once
from tests.support.made.runs import EXTERNAL as EXTERNAL_SITE
from tests.support.made.runs import INTERNAL as INTERNAL_SITE
from tests.support.made.runs import MadeRun, Site, first_comparison
from tests.support.results import frame, key_of

INTERNAL = TestSet(model="split", dataset="vinbigdata", policy="dominant", role="internal_test")
EXTERNAL = TestSet(model="split", dataset="chexpert_train", policy="u_ignore", role="external_test")

IMAGES = {"internal_test": 240, "external_test": 606, "train": 300}


@made_once
def write(
    results: Path, *, sites: tuple[Site, ...] = (INTERNAL_SITE, EXTERNAL_SITE), classes: tuple[str, ...] = FINDINGS
) -> Path:
    """Writes the run below a results folder and gives its results file."""
    path = MadeRun(images=IMAGES, sites=sites, classes=classes).write(results)
    with duckdb.connect(str(path)) as connection:
        _write_scores(connection, k=len(classes))
        _write_metrics(connection)
        _write_groups(connection)
    return path


def compared(path: Path, *, model: str = "split") -> Comparison:
    return replace(first_comparison(path), run=key_of(path), model=model)


def answers(path: Path, test: TestSet) -> pd.DataFrame:
    """Class, answer and scores of each image with a single class, by pandas alone."""
    prediction = frame(path, "FROM prediction")
    reference = frame(path, "FROM reference")
    prediction = prediction[
        (prediction["model_id"] == test.model)
        & (prediction["dataset"] == test.dataset)
        & (prediction["role"] == test.role)
    ]
    reference = reference[(reference["dataset"] == test.dataset) & (reference["policy"] == test.policy)]
    both = prediction.merge(reference, on=["dataset", "image_id"], validate="one_to_one")
    both = both[both["class"].notna()].copy()
    both["confidence"] = [max(map(float, each)) for each in both["probability"]]
    both["is_right"] = both["class"] == both["predicted"]
    return both


def scores(both: pd.DataFrame, finding: str, *, classes: Sequence[str] = FINDINGS) -> np.ndarray:
    return np.array([each[classes.index(finding)] for each in both["probability"]], dtype=np.float64)


def _write_scores(connection: duckdb.DuckDBPyConnection, *, k: int) -> None:
    """Scores that find the true class more often than not, rounded so that some are tied; some presence is unknown."""
    rng = np.random.default_rng(4)
    found = connection.execute(
        "SELECT model_id, dataset, image_id, role, class FROM prediction JOIN reference USING (dataset, image_id) "
        "WHERE policy IN ('dominant', 'u_ignore') ORDER BY ALL"
    ).df()
    logits = rng.normal(size=(len(found), k))
    logits[np.arange(len(found)), found["class"]] += 1.2
    share = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    found["probability"] = list(np.round(share, 2).astype(np.float32))
    found["predicted"] = [int(np.argmax(row)) for row in found["probability"]]
    connection.register("scored", found)
    connection.execute(
        "DELETE FROM prediction; INSERT INTO prediction BY NAME "
        "SELECT model_id, dataset, image_id, role, predicted, probability FROM scored"
    )
    connection.execute(
        "UPDATE reference SET present = list_transform(range($k), lambda i: CASE WHEN i = $k - 2 "
        "AND hash(image_id) % 5 = 0 THEN 'nan'::FLOAT ELSE (class = i)::INT END)",
        {"k": k},
    )
    connection.execute("UPDATE reference SET class = NULL, left_out = 'several' WHERE hash(image_id) % 7 = 0")


def _write_metrics(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TEMP TABLE of_all_classes AS
            FROM (VALUES ('macro_precision', 0.01), ('macro_recall', 0.02), ('macro_f1', 0.03),
                ('balanced_accuracy', 0.015), ('macro_specificity', -0.2), ('macro_auroc', -0.1),
                ('macro_average_precision', 0.05)) AS t(name, points);
        INSERT INTO metric BY NAME
            SELECT metric.* REPLACE (name AS metric, value - less AS value, low - less AS low,
                high - less AS high, NULL AS n_positive)
            FROM metric, of_all_classes AS t(name, less)
            WHERE metric = 'accuracy';
        INSERT INTO gap BY NAME
            SELECT gap.* REPLACE (name AS metric, internal_value + more AS internal_value,
                value + more AS value, low + more AS low, high + more AS high)
            FROM gap, of_all_classes AS t(name, more)
            WHERE metric = 'accuracy';
        INSERT INTO metric BY NAME
            SELECT metric.* REPLACE (model.model_id AS model_id, value - 0.01 AS value, NULL AS low, NULL AS high)
            FROM metric JOIN model ON model.member IS NOT NULL AND model.regime = metric.model_id
            WHERE metric.metric = 'recall';
        CREATE TEMP TABLE other AS
            FROM (VALUES ('precision', 'single_class', 0.9), ('f1', 'single_class', 0.8),
                ('auroc', 'single_class', 0.95), ('average_precision', 'single_class', 0.7),
                ('specificity', 'single_class', 0.99),
                ('auroc', 'finding', 0.85), ('average_precision', 'finding', 0.6)
            ) AS t(name, kind, times);
        INSERT INTO metric BY NAME
            SELECT metric.* REPLACE (name AS metric, kind AS task, value * times AS value, low * times AS low,
                high * times AS high)
            FROM metric, other WHERE metric = 'recall' AND stratum = 'all';
        INSERT INTO gap BY NAME
            SELECT gap.* REPLACE (name AS metric, kind AS task, internal_value * times AS internal_value,
                external_value * times AS external_value, value * times AS value, low * times AS low,
                high * times AS high)
            FROM gap, other WHERE metric = 'recall';
    """)


def _write_groups(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TEMP TABLE part AS
            FROM (VALUES ('view=PA', 0.5), ('view=AP', 0.4), ('sex=F', 0.45), ('sex=M', 0.45), ('age=60-79', 0.6),
                ('age=80+', 0.04), ('age=20-39', 0.3)) AS t(name, share);
        INSERT INTO metric BY NAME
            SELECT metric.* REPLACE (name AS stratum, value * (1 - share / 10) AS value, low * (1 - share / 10) AS low,
                high * (1 - share / 10) AS high, (n * share)::INTEGER AS n, (n_positive * share)::INTEGER AS n_positive,
                n_effective * share AS n_effective,
                coalesce(n_positive, n) * share < 30 AS not_estimable)
            FROM metric, part
            WHERE stratum = 'all' AND task = 'single_class'
                AND metric IN ('accuracy', 'recall', 'no_skill_best_constant')
                AND NOT (role = 'internal_test' AND name = 'view=AP');
    """)
