"""Saliency, boxes and mean maps for a made-up run: every map has one hot cell, so that its peak is known."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from cxr_core.findings import FINDINGS
from tests.dashboard.made_runs import ABROAD, HOME, MadeRun
from tests.support.rows import insert

SIDE = 7
PX = 16
TRAINED = 60
READERS = ("R1", "R2", "R3")

RUN = MadeRun(images={"internal_test": 240, "external_test": 120, "train": TRAINED}, regimes=("split", "full"))
"""Of each class 40 images at home and 20 abroad."""


def write(results: Path, run: MadeRun = RUN, *, seed: int = 0, methods: Sequence[str] = ("cam",)) -> Path:
    """Writes the run, then what a network would have looked at."""
    path = run.write(results)
    random = np.random.default_rng(seed)
    with duckdb.connect(str(path)) as connection:
        for site in run.sites:
            _match_names(connection, site.dataset)
        _add_training_images(connection)
        # Class by class a third is missed, and of those without a finding a third is taken for it.
        connection.execute(
            """
            UPDATE prediction SET predicted = CASE WHEN n % 18 < 12 THEN n % 6 ELSE (n // 18) % 6 END,
                probability = [(n % 97) / 100, 0.02, 0.03 + (n % 5) / 10, 0.1, 0.2, (n % 89) / 100]
            FROM (SELECT dataset AS d, image_id AS i, substr(image_id, 2)::INTEGER AS n FROM image)
            WHERE dataset = d AND image_id = i
            """
        )
        shown = connection.execute(
            "SELECT DISTINCT dataset, image_id FROM prediction ORDER BY dataset, image_id"
        ).fetchall()
        insert(connection, "box", _boxes(shown, random))
        for method in methods:
            for model in run.regimes:
                insert(connection, "saliency", _maps(shown, random, model=model, method=method))
        insert(connection, "mean_map", _mean_maps(run))
    return path


def hot_cell(maps: bytes, *, finding: str) -> tuple[float, float]:
    """Where the one hot cell of a class's map lies: x and y in fractions of the image."""
    cells = np.frombuffer(maps, np.uint8).reshape(len(FINDINGS), SIDE, SIDE)[FINDINGS.index(finding)]
    ((row, column),) = np.argwhere(cells)
    return (column + 0.5) / SIDE, (row + 0.5) / SIDE


def frame(path: Path, sql: str) -> pd.DataFrame:
    """The answer to a query, in pandas."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).df()


def change(path: Path, sql: str) -> None:
    """Changes what is in the file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)


def _match_names(connection: duckdb.DuckDBPyConnection, dataset: str) -> None:
    rows = [(dataset, f"{finding} there", index, "exact", "") for index, finding in enumerate(FINDINGS)]
    insert(connection, "name_match", rows)


def _add_training_images(connection: duckdb.DuckDBPyConnection) -> None:
    given = {"dataset": HOME.dataset, "n": TRAINED}
    connection.execute(
        "INSERT INTO image BY NAME SELECT $dataset AS dataset, 't' || i AS image_id, 'g' || i AS file "
        "FROM range($n) AS t(i)",
        given,
    )
    connection.execute(
        "INSERT INTO reference SELECT $dataset, policy, 't' || i, i % 6, NULL, [1, 0, 0, 0, 0, 0] "
        "FROM range($n) AS t(i), policy WHERE policy.dataset = $dataset",
        given,
    )
    connection.execute(
        "INSERT INTO prediction BY NAME SELECT 'split' AS model_id, $dataset AS dataset, 't' || i AS image_id, "
        "'train' AS role, 0 AS predicted, [1, 0, 0, 0, 0, 0] AS probability "
        "FROM range($n) AS t(i)",
        given,
    )


def _boxes(shown: Sequence[tuple[str, str]], random: np.random.Generator) -> list[tuple[object, ...]]:
    """At home one or two boxes by most readers on every image with a finding; the readers do not agree on where."""
    rows: list[tuple[object, ...]] = []
    for dataset, image in shown:
        finding = FINDINGS[int(image[1:]) % len(FINDINGS)]
        if dataset != HOME.dataset or finding == FINDINGS[0]:
            continue
        for reader in READERS:
            for _ in range(random.integers(0, 3)):
                x0, y0 = random.uniform(0, 0.6, 2)
                rows.append((dataset, image, f"{finding} there", reader, x0, y0, x0 + 0.35, y0 + 0.4))
    return rows


def _maps(
    shown: Sequence[tuple[str, str]], random: np.random.Generator, *, model: str, method: str
) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for dataset, image in shown:
        maps = np.zeros((len(FINDINGS), SIDE * SIDE), np.uint8)
        maps[np.arange(len(FINDINGS)), random.integers(0, SIDE * SIDE, len(FINDINGS))] = 255
        rows.append((model, dataset, image, method, SIDE, SIDE, maps.tobytes(), [1.0] * len(FINDINGS)))
    return rows


def _mean_maps(run: MadeRun) -> list[tuple[object, ...]]:
    """Three outcomes a class: a gray level and a number of images each, the missed too few for a mean image."""
    rows: list[tuple[object, ...]] = []
    levels = (("recognized", 30, 200, 100), ("missed", 6, 100, None), ("false_alarm", 12, 50, 60))
    for model in run.regimes:
        roles = ((HOME, "train" if model == "full" else "internal_test"), (ABROAD, "external_test"))
        for site, role in roles:
            for policy in site.policies:
                for finding in FINDINGS[1:]:
                    for outcome, n, level, gray in levels:
                        values = bytes([level] * SIDE * SIDE)
                        image = None if gray is None else bytes([gray] * PX * PX)
                        key = (model, site.dataset, role, policy, finding, outcome)
                        rows.append((*key, n, SIDE, SIDE, values, image))
    return rows
