"""Saliency, boxes and mean maps for a made-up run: every map has one hot cell, so that its peak is known."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np

from cxr_core.findings import FINDINGS
from tests.support.made.once import made_once
from tests.support.made.runs import EXTERNAL, INTERNAL, MadeRun, first_of
from tests.support.rows import insert

SIDE = 7
PX = 16
TRAINED = 60
READERS = ("R1", "R2", "R3")

RUN = MadeRun(images={"internal_test": 240, "external_test": 120, "train": TRAINED}, regimes=("split", "full"))
"""Of each class 40 internal images and 20 external ones."""


@made_once
def write(results: Path, run: MadeRun = RUN, *, seed: int = 0, methods: Sequence[str] = ("cam",)) -> Path:
    """Writes the run, then what a network would have looked at."""
    path = run.write(results)
    random = np.random.default_rng(seed)
    with duckdb.connect(str(path)) as connection:
        for site in run.sites:
            _match_names(connection, site.dataset, run.classes)
        _add_training_images(connection, k=len(run.classes))
        _answer(connection, k=len(run.classes))
        shown = connection.execute(
            "SELECT DISTINCT dataset, image_id FROM prediction ORDER BY dataset, image_id"
        ).fetchall()
        insert(connection, "box", _boxes(shown, random, run.classes))
        for method in methods:
            for model in run.regimes:
                insert(connection, "saliency", _maps(shown, random, k=len(run.classes), model=model, method=method))
        insert(connection, "mean_map", _mean_maps(run))
    return path


def hot_cell(maps: bytes, *, finding: str, classes: Sequence[str] = FINDINGS) -> tuple[float, float]:
    """Where the one hot cell of a class's map lies: x and y in fractions of the image."""
    cells = np.frombuffer(maps, np.uint8).reshape(len(classes), SIDE, SIDE)[classes.index(finding)]
    ((row, column),) = np.argwhere(cells)
    return (column + 0.5) / SIDE, (row + 0.5) / SIDE


def _match_names(connection: duckdb.DuckDBPyConnection, dataset: str, classes: Sequence[str]) -> None:
    rows = [(dataset, f"{finding} there", index, "exact", "") for index, finding in enumerate(classes)]
    insert(connection, "name_match", rows)


def _answer(connection: duckdb.DuckDBPyConnection, *, k: int) -> None:
    """Class by class a third is missed, and of those of the first class a third is taken for it."""
    connection.execute(
        """
        UPDATE prediction SET predicted = CASE WHEN n % (3 * $k) < 2 * $k THEN n % $k ELSE (n // (3 * $k)) % $k END,
            probability = list_concat([(n % 97) / 100],
                list_transform(range($k - 2), lambda i: [0.02, 0.03 + (n % 5) / 10, 0.1, 0.2][i % 4 + 1]),
                [(n % 89) / 100])
        FROM (SELECT dataset AS d, image_id AS i, substr(image_id, 2)::INTEGER AS n FROM image)
        WHERE dataset = d AND image_id = i
        """,
        {"k": k},
    )


def _add_training_images(connection: duckdb.DuckDBPyConnection, *, k: int) -> None:
    given = {"dataset": INTERNAL.dataset, "n": TRAINED}
    first = {"first": first_of(k)}
    connection.execute(
        "INSERT INTO image BY NAME SELECT $dataset AS dataset, 't' || i AS image_id, 'g' || i AS file "
        "FROM range($n) AS t(i)",
        given,
    )
    connection.execute(
        "INSERT INTO reference SELECT $dataset, policy, 't' || i, i % $k, NULL, $first "
        "FROM range($n) AS t(i), policy WHERE policy.dataset = $dataset",
        {**given, **first, "k": k},
    )
    connection.execute(
        "INSERT INTO prediction BY NAME SELECT 'split' AS model_id, $dataset AS dataset, 't' || i AS image_id, "
        "'train' AS role, 0 AS predicted, $first AS probability FROM range($n) AS t(i)",
        {**given, **first},
    )


def _boxes(
    shown: Sequence[tuple[str, str]], random: np.random.Generator, classes: Sequence[str]
) -> list[tuple[object, ...]]:
    """One or two boxes by most readers on every internal image with a finding; the readers do not agree on where."""
    rows: list[tuple[object, ...]] = []
    for dataset, image in shown:
        finding = classes[int(image[1:]) % len(classes)]
        if dataset != INTERNAL.dataset or finding == "No Finding":
            continue
        for reader in READERS:
            for _ in range(random.integers(0, 3)):
                x0, y0 = random.uniform(0, 0.6, 2)
                rows.append((dataset, image, f"{finding} there", reader, x0, y0, x0 + 0.35, y0 + 0.4))
    return rows


def _maps(
    shown: Sequence[tuple[str, str]], random: np.random.Generator, *, k: int, model: str, method: str
) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for dataset, image in shown:
        maps = np.zeros((k, SIDE * SIDE), np.uint8)
        maps[np.arange(k), random.integers(0, SIDE * SIDE, k)] = 255
        rows.append((model, dataset, image, method, SIDE, SIDE, maps.tobytes(), [1.0] * k))
    return rows


def _mean_maps(run: MadeRun) -> list[tuple[object, ...]]:
    """Three outcomes a class: a gray level and a number of images each, the missed too few for a mean image."""
    rows: list[tuple[object, ...]] = []
    levels = (("recognized", 30, 200, 100), ("missed", 6, 100, None), ("false_alarm", 12, 50, 60))
    for model in run.regimes:
        roles = ((INTERNAL, "train" if model == "full" else "internal_test"), (EXTERNAL, "external_test"))
        for site, role in roles:
            for policy in site.policies:
                for finding in (each for each in run.classes if each != "No Finding"):
                    for outcome, n, level, gray in levels:
                        values = bytes([level] * SIDE * SIDE)
                        image = None if gray is None else bytes([gray] * PX * PX)
                        key = (model, site.dataset, role, policy, finding, outcome)
                        rows.append((*key, n, SIDE, SIDE, values, image))
    return rows


_FINDINGS = """
    UPDATE model SET outputs = 'sigmoid';
    UPDATE metric SET task = 'finding', metric = 'auroc' WHERE metric = 'accuracy';
    UPDATE prediction SET predicted = NULL;
    INSERT INTO threshold SELECT model_id, name, 'stated', 0.5, NULL FROM model, finding;
    UPDATE reference SET class = NULL, left_out = 'several', present = list_transform(range(6), lambda class: CASE
        WHEN (n + class) % 11 = 0 THEN 'nan'::FLOAT
        WHEN class = n % 6 OR (n % 3 = 0 AND class = (n + 1) % 6) THEN 1 ELSE 0
    END)
    FROM (SELECT dataset AS d, image_id AS i, substr(image_id, 2)::INTEGER AS n FROM image)
    WHERE dataset = d AND image_id = i;
"""


def write_findings(results: Path, *, methods: Sequence[str] = ("cam",)) -> Path:
    """The same run of six findings that do not exclude each other: one or two an image, some not known, no class."""
    path = write(results, methods=methods)
    with duckdb.connect(str(path)) as connection:
        connection.execute(_FINDINGS)
    return path
