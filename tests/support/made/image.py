"""All that the Image page tells of single images, for a made-up run: features, maps, boxes, labels and patients."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from tests.support.made.answers import write_answers
from tests.support.made.once import made_once
from tests.support.made.runs import EXTERNAL, INTERNAL, MadeRun
from tests.support.rows import append, columns

RUN = MadeRun(images={"internal_test": 60, "external_test": 120, "train": 60})
MEMBERS = ("split-0", "split-1", "split-2")
FEATURES = 5
SIDE = 4

NAMES = {
    INTERNAL.dataset: (
        "No finding",
        "Cardiomegaly",
        "Nodule/Mass",
        "Lung Opacity",
        "Pleural effusion",
        "Consolidation",
    ),
    EXTERNAL.dataset: (
        "No Finding",
        "Cardiomegaly",
        "Lung Lesion",
        "Lung Opacity",
        "Pleural Effusion",
        "Consolidation",
    ),
}
READERS = {INTERNAL.dataset: ("R8", "R10", "R9"), EXTERNAL.dataset: ("labeler",)}


@made_once
def write(results: Path) -> Path:
    """Writes the run and gives its results file."""
    path = write_answers(results, RUN)
    generator = np.random.default_rng(1)
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        connection.execute(
            "UPDATE image SET content_hash = 'h' || image_id, picture_hash = 'p' || image_id, "
            "width = 400, height = 500, file = 'images/' || image_id || '.png'"
        )
        connection.execute(
            "UPDATE image SET patient_id = 'q' || (substr(image_id, 2)::INTEGER // 3) WHERE dataset = $external",
            {"external": EXTERNAL.dataset},
        )
        keys = connection.execute("SELECT DISTINCT model_id, dataset, image_id FROM prediction ORDER BY ALL").df()
        _append(connection, "feature", _features(keys[keys["model_id"].isin(MEMBERS)], generator))
        _append(connection, "saliency", _saliency(keys[keys["model_id"].str.startswith("split")], generator))
        for dataset, names in NAMES.items():
            _append(
                connection,
                "name_match",
                pd.DataFrame([(dataset, name, i, "close", "") for i, name in enumerate(names)]),
            )
            _append(connection, "raw_label", _raw(dataset))
        connection.commit()
    return path


def _append(connection: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    rows.columns = pd.Index(columns(table))
    append(connection, table, rows)


def _features(keys: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    rows = keys.copy()
    rows["vector"] = list(generator.random((len(rows), FEATURES), dtype=np.float32))
    return rows


def _saliency(keys: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    rows = keys.copy()
    rows["method"], rows["height"], rows["width"] = "cam", SIDE, SIDE
    rows["maps"] = [generator.integers(0, 256, 6 * SIDE * SIDE, dtype=np.uint8).tobytes() for _ in range(len(rows))]
    rows["scale"] = [generator.random(6).astype(np.float32).tolist() for _ in range(len(rows))]
    return rows


def _raw(dataset: str) -> pd.DataFrame:
    """Image i0: each value for the first four classes, and a finding that is none of the six."""
    values = (1, 0, -1, None, None, None)
    rows = [
        (dataset, "i0", name, reader, value)
        for reader in READERS[dataset]
        for name, value in zip((*NAMES[dataset], "Edema"), (*values, 1), strict=True)
    ]
    return pd.DataFrame(rows, dtype=object)
