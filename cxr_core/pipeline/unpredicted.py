"""Held-out images that a run of an earlier release left unanswered: those beyond the cap."""

import duckdb
import numpy as np

from cxr_core import splits
from cxr_core.experiment import Experiment
from cxr_core.pipeline.plan import draw_parts


def count_unpredicted(connection: duckdb.DuckDBPyConnection, dataset: str, *, experiment: Experiment) -> int:
    """How many held-out images of a training dataset no network answered, though their pixels were at hand.

    The split is drawn again from what is stored, so that a capped image of the training part is not taken for one.

    Args:
        connection: A sealed run.
        dataset: What it was trained on.
        experiment: Its settings.

    Returns:
        0 where nothing is held out.
    """
    if "split" not in experiment.regimes:
        return 0
    images = connection.execute(
        """
        SELECT patient_id, content_hash, (dataset, image_id) IN (
            SELECT (dataset, image_id) FROM prediction WHERE model_id = 'split' AND role = 'internal_test'
        ) AS answered
        FROM image WHERE dataset = ?
        """,
        [dataset],
    ).df()
    held_out = draw_parts(images, experiment=experiment).fold != splits.NEVER
    return int(np.count_nonzero(held_out & ~images["answered"].to_numpy(np.bool_)))


def note(dataset: str, *, images: int) -> str:
    """What a reader must know of it."""
    return (
        f"{dataset}: the run that this one goes back to left {images} held-out images beyond its cap unanswered, so "
        "that the task finding, which is over every image where presence is known, has no internal test and no gap."
    )
