"""Ten million predictions into the sealed file, against DuckDB's `append` of a ready frame.

Ours begins with arrays, and ends when every row was read back and the file renamed; theirs begins with the frame, whose
scores stand in columns of their own, and ends when the database is closed.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.timing import Measured, compare
from cxr_core.findings import FINDINGS
from cxr_core.store import tables, write

MODELS = 20
IMAGES = 500_000
TABLE = "prediction"


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What some models say of the same images.

    Attributes:
        image_ids: Shape ``(n,)``.
        probability: Shape ``(n, k)``; all models say the same.
        models: Their names.
    """

    image_ids: npt.NDArray[np.object_]
    probability: npt.NDArray[np.float32]
    models: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Predictions."""
        return len(self.models) * len(self.image_ids)


def measure(names: Sequence[str]) -> Iterator[Measured]:
    drawn = draw(images=IMAGES, models=MODELS)
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            yield against(name, drawn, folder=Path(folder))


def against(name: str, drawn: Drawn, *, folder: Path) -> Measured:
    """Both in turn, each into a new file."""
    ready = frame(drawn)
    result = compare(
        name,
        ours=lambda: ours(drawn, out=folder / "ours.duckdb"),
        theirs=lambda: theirs(ready, out=folder / "theirs.duckdb"),
        what_theirs_is="DuckDB's append of a ready pandas frame to a table of its types; nothing is read back",
        amount_ours=drawn.rows,
        unit="rows/s",
    )
    return Measured(name=name, result=result)


def draw(*, images: int, models: int) -> Drawn:
    """Random probabilities."""
    rng = np.random.default_rng(0)
    return Drawn(
        image_ids=np.array([f"{number:012x}" for number in range(images)], object),
        probability=rng.dirichlet(np.ones(len(FINDINGS)), images).astype(np.float32),
        models=tuple(f"split-{number}" for number in range(models)),
    )


def ours(drawn: Drawn, *, out: Path) -> Path:
    """A sealed results file."""
    out.unlink(missing_ok=True)
    predicted = drawn.probability.argmax(axis=1).astype(np.int8)
    role = np.full(len(drawn.image_ids), "external_test", object)
    with write.new_results(out, classes=FINDINGS) as connection:
        for model in drawn.models:
            rows = tables.predictions(
                model, "site", drawn.image_ids, role=role, predicted=predicted, probability=drawn.probability
            )
            write.append(connection, TABLE, rows)
    return out


def frame(drawn: Drawn) -> pd.DataFrame:
    """All rows; model, dataset and role as categories, which DuckDB takes fastest."""
    count, times = len(drawn.image_ids), len(drawn.models)
    scores = np.tile(drawn.probability, (times, 1))
    columns: dict[str, object] = {
        "model_id": _categories(np.repeat(np.arange(times), count), drawn.models),
        "dataset": _categories(np.zeros(drawn.rows, np.int64), ["site"]),
        "image_id": np.tile(drawn.image_ids, times),
        "role": _categories(np.zeros(drawn.rows, np.int64), ["external_test"]),
        "predicted": scores.argmax(axis=1).astype(np.int8),
    }
    return pd.DataFrame(columns | {f"probability_{index}": scores[:, index] for index in range(len(FINDINGS))})


def _categories(codes: npt.NDArray[np.int64], names: Sequence[str]) -> "pd.Categorical[int]":
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(names)))


def theirs(ready: pd.DataFrame, *, out: Path) -> Path:
    """A database with the same rows."""
    out.unlink(missing_ok=True)
    scores = ", ".join(f"probability_{index} FLOAT" for index in range(len(FINDINGS)))
    with duckdb.connect(str(out)) as connection:
        connection.execute(
            f"CREATE TABLE {TABLE} (model_id VARCHAR, dataset VARCHAR, image_id VARCHAR, role VARCHAR, "
            f"predicted TINYINT, {scores})"
        )
        connection.append(TABLE, ready)
    return out
