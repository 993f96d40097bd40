"""A small made-up run of models that were brought: findings that do not exclude each other, scores and flags."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.manifest import Reference
from cxr_core.pipeline import metric_tables
from cxr_core.progress.meter import NOTHING
from cxr_core.store import tables, write
from cxr_core.store.schema import SCHEMA_VERSION

CLASSES = ("Edema", "Cardiomegaly", "Fracture", "Hernia")
THRESHOLDS = {"Edema": 0.5, "Cardiomegaly": 0.3, "Fracture": 0.6}
"""Of the model ``scores``, which says nothing of Hernia."""

N, PATIENTS = 240, 150
UNLABELLED_OUTSIDE = 2
"""A finding that the external site does not label."""

Numbers = npt.NDArray[np.float32]


def write_brought(path: Path, *, has_internal: bool = True, classes: Sequence[str] = CLASSES) -> Path:
    """Writes the file: the models ``scores`` and ``flags`` on ``home`` and ``away``, or on ``away`` alone.

    Args:
        path: Where.
        has_internal: Whether there is an internal test.
        classes: The first so many of `CLASSES`.
    """
    with write.new_results(path, classes=classes) as connection:
        write.append(connection, "run", _run())
        write.append(
            connection,
            "model",
            pd.DataFrame({"model_id": ["scores", "flags"], "outputs": "sigmoid", "origin": "brought"}),
        )
        given = {finding: value for finding, value in THRESHOLDS.items() if finding in classes}
        write.append(connection, "threshold", tables.thresholds("scores", given, operating_point="stated"))
        for number, (dataset, site) in enumerate((("home", "source"), ("away", "external"))):
            if site == "external" or has_internal:
                _write_site(connection, dataset, site=site, k=len(classes), rng=np.random.default_rng(number))
        metric_tables.append(connection, seed=0, replicates=100, progress=NOTHING)
    return path


def _run() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "run_id": ["brought"],
            "created_at": [datetime(2030, 1, 1)],
            "preset": ["score"],
            "config": ["{}"],
            "versions": ["{}"],
            "device": ["cpu"],
            "seconds": [1.0],
            "schema_version": [SCHEMA_VERSION],
            "notes": [[]],
        }
    )
