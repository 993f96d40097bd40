"""Attributes of the images of a made-up run, plain ones and a stranger's."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd

HOSTILE = ("![x](http://evil.example)", "<b>'; DROP TABLE run; --", "$\\alpha$ %{y} [a](b)", "www.example.org\n# x")
"""Names and values that no file of this release has."""


def put(path: Path, dataset: str, name: str, values: Sequence[str | None]) -> pd.DataFrame:
    """Gives the images of a dataset these values in turn, in the order of their ids; None: not recorded.

    Returns:
        The columns ``image_id`` and ``value`` of all images of the dataset.
    """
    with duckdb.connect(str(path)) as connection:
        images = connection.execute("SELECT image_id FROM image WHERE dataset = ? ORDER BY image_id", [dataset]).df()
        rows = images.assign(value=[values[i % len(values)] for i in range(len(images))])
        connection.register("given", rows.dropna())
        connection.execute(
            "INSERT INTO attribute SELECT $dataset, image_id, $name, value FROM given",
            {"dataset": dataset, "name": name},
        )
    return rows


def group_by(path: Path, strata: Sequence[str], *, role: str) -> None:
    """Gives one test of a made-up run the numbers of these strata: those of all its images, a tenth lower."""
    with duckdb.connect(str(path)) as connection:
        for stratum in strata:
            connection.execute(
                """
                INSERT INTO metric BY NAME
                SELECT * REPLACE ($stratum AS stratum, value * 0.9 AS value, low * 0.9 AS low, high * 0.9 AS high)
                FROM metric
                WHERE stratum = 'all' AND role = $role AND task = 'single_class'
                    AND metric IN ('accuracy', 'recall', 'no_skill_best_constant')
                """,
                {"stratum": stratum, "role": role},
            )
