"""The rows of `mean_map` of one dataset, from its predictions and pixels."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cxr_core.evaluation.mean_map import Group, groups, mean_images, mean_maps
from cxr_core.images.cache import Pixels
from cxr_core.pipeline import metric_tables
from cxr_core.store import write

_PREDICTED = """
    SELECT image_id, picture_hash, role, predicted, maps, saliency.height, saliency.width
    FROM prediction JOIN saliency USING (model_id, dataset, image_id) JOIN image USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND method = 'cam'
    ORDER BY image_id
"""

_CLASSES = """
    SELECT CASE WHEN image.left_out IS NULL THEN coalesce(class, -1) ELSE -1 END AS class
    FROM reference
    JOIN image USING (dataset, image_id)
    SEMI JOIN (SELECT * FROM prediction WHERE model_id = $model) AS p USING (dataset, image_id)
    WHERE dataset = $dataset AND policy = $policy
    ORDER BY image_id
"""


def append(connection: duckdb.DuckDBPyConnection, dataset: str, *, cache: Path, size_px: int) -> None:
    """Appends the mean maps of every ensemble on one dataset, once its answers are in the file."""
    names = metric_tables.classes(connection)
    ensembles = connection.execute("SELECT model_id FROM model WHERE member IS NULL ORDER BY model_id").fetchall()
    for (model_id,) in ensembles:
        given = {"model": model_id, "dataset": dataset}
        rows = connection.execute(_PREDICTED, given).df()
        if rows.empty:
            continue
        found = list(
            groups(
                names,
                classes=_classes(connection, given),
                role=rows["role"].to_numpy(object),
                predicted=rows["predicted"].to_numpy(np.int8),
            )
        )
        if not found:
            continue
        shape = (len(rows), len(names), int(rows["height"].iloc[0]), int(rows["width"].iloc[0]))
        maps = np.frombuffer(b"".join(rows["maps"]), np.uint8).reshape(shape)
        pixels = Pixels.open(cache, size_px=size_px, picture_hashes=rows["picture_hash"].tolist())
        write.append(
            connection,
            "mean_map",
            _table(given, found, mean_maps(found, maps), mean_images(found, pixels), names=names),
        )


def _classes(connection: duckdb.DuckDBPyConnection, given: dict[str, str]) -> dict[str, npt.NDArray[np.int8]]:
    policies = connection.execute(
        "SELECT policy FROM policy WHERE dataset = ? ORDER BY policy", [given["dataset"]]
    ).fetchall()
    found: dict[str, npt.NDArray[np.int8]] = {}
    for (policy,) in policies:
        rows = connection.execute(_CLASSES, {**given, "policy": policy}).fetchall()
        found[policy] = np.array([index for (index,) in rows], np.int8)
    return found


def _table(
    given: dict[str, str],
    found: list[Group],
    maps: npt.NDArray[np.uint8],
    images: list[npt.NDArray[np.uint8] | None],
    *,
    names: Sequence[str],
) -> pa.Table:
    return pa.table(
        {
            "model_id": [given["model"]] * len(found),
            "dataset": [given["dataset"]] * len(found),
            "role": [group.role for group in found],
            "policy": [group.policy for group in found],
            "finding": [names[group.finding] for group in found],
            "outcome": [group.outcome for group in found],
            "n": [int(group.images.sum()) for group in found],
            "height": [maps.shape[1]] * len(found),
            "width": [maps.shape[2]] * len(found),
            "map": [one.tobytes() for one in maps],
            "image": pa.array([None if one is None else one.tobytes() for one in images], pa.binary()),
        }
    )
