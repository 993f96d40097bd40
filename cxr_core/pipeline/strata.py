"""The groups of a dataset's images that are looked at apart, out of a results file."""

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.evaluation.inputs import attribute_strata, strata_of

_TESTED = """
    SELECT DISTINCT image_id FROM prediction WHERE dataset = ? AND role IN ('internal_test', 'external_test')
"""


def read(connection: duckdb.DuckDBPyConnection, dataset: str, images: pd.DataFrame) -> dict[str, npt.NDArray[np.bool_]]:
    """Masks over the images by the name of the stratum, as `cxr_core.evaluation.inputs` defines them.

    Args:
        connection: A results file with its images, attributes and predictions.
        dataset: Whose.
        images: The columns ``image_id``, ``view``, ``sex`` and ``age_years``, n rows.
    """
    tested = connection.execute(_TESTED, [dataset]).df()["image_id"]
    return strata_of(
        view=images["view"].to_numpy(object),
        sex=images["sex"].to_numpy(object),
        age_years=images["age_years"].to_numpy(np.float64),
    ) | attribute_strata(
        _attributes(connection, dataset, images["image_id"]),
        tested=images["image_id"].isin(tested).to_numpy(np.bool_),
    )


def _attributes(
    connection: duckdb.DuckDBPyConnection, dataset: str, image_ids: pd.Series
) -> dict[str, npt.NDArray[np.object_]]:
    """What each image has of every attribute, shape ``(n,)``; None where it is not recorded."""
    place = pd.Series(np.arange(len(image_ids)), index=image_ids)
    rows = connection.execute("SELECT image_id, name, value FROM attribute WHERE dataset = ?", [dataset]).df()
    rows = rows[rows["image_id"].isin(place.index)].sort_values(["name", "image_id", "value"])
    found: dict[str, npt.NDArray[np.object_]] = {}
    for name, of_name in rows.groupby("name"):
        found[str(name)] = np.full(len(image_ids), None, object)
        found[str(name)][place.loc[of_name["image_id"]].to_numpy()] = of_name["value"].to_numpy(object)
    return found
