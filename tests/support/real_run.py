"""A run that really ran, in half a minute: two tiny hospitals, small networks, and a cache for pages to show images."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from tests.support.hospitals import write_chexpert, write_vinbigdata

ROOT = Path(__file__).parents[2]

_SETTINGS = {
    "architecture": "small",
    "weights": "none",
    "size-px": 48,
    "members": 2,
    "epochs": 3,
    "batch-size": 16,
    "learning-rate": 0.02,
    "replicates": 100,
    "held-out": 0.4,
    "device": "cpu",
    "workers": 1,
    "name": "tiny",
}


@dataclass(frozen=True, kw_only=True)
class RealRun:
    """Where it lies.

    Attributes:
        results: The folder of runs.
        cache: The folder of harmonized images.
        address: Of a dashboard that serves it.
    """

    results: Path
    cache: Path
    address: str

    @staticmethod
    def frame_of(path: Path, sql: str) -> pd.DataFrame:
        """Rows of a results file, for an independent computation."""
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(sql).df()

    def answers(self) -> pd.DataFrame:
        """One row per image of each test of the ensemble `split`, under the policies that pages show at first."""
        return self.frame_of(
            self.results / "tiny" / "results.duckdb",
            """
            SELECT p.dataset, p.image_id, p.role, p.predicted, p.probability, list_max(p.probability) AS confidence,
                r.class, i.view, i.sex, i.age_years
            FROM prediction AS p
            JOIN reference AS r USING (dataset, image_id)
            JOIN image AS i USING (dataset, image_id)
            JOIN policy USING (dataset, policy)
            WHERE model_id = 'split' AND role IN ('internal_test', 'external_test') AND is_default AND class IS NOT NULL
            """,
        )


def carry_out(folder: Path) -> None:
    """Writes the hospitals into a folder and runs on them, with results and cache beside them."""
    internal = write_vinbigdata(folder / "vinbigdata", per_class=30)
    external = write_chexpert(folder / "chexpert", patients=60)
    settings = [word for name, value in _SETTINGS.items() for word in (f"--{name}", str(value))]
    sites = ["--source", f"vinbigdata:{internal}", "--external", f"chexpert:{external.parent}"]
    places = ["--results", str(folder / "results"), "--cache", str(folder / "cache")]
    command = [sys.executable, "train.py", "run", *sites, *places, *settings]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
