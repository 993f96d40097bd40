"""The split of the source's images: drawn, checked, and for a run of an earlier release drawn again.

Patients are never cut, and a table may have few of them.
"""

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core import splits
from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.splits import Mask, Parts


def draw_parts(images: pd.DataFrame, *, experiment: Experiment) -> Parts:
    """The split, drawn over the images at hand; the others belong to no fold.

    Args:
        images: At least ``patient_id``, ``study_id`` and ``content_hash``, in whatever order.
        experiment: Seed, shares and folds.
    """
    at_hand = np.flatnonzero(images["content_hash"].notna())
    own = images.iloc[at_hand]
    parts = splits.draw(
        splits.linked_images(own, own["content_hash"].tolist()),
        held_out=experiment.held_out,
        folds=experiment.folds,
        choosing=experiment.recipe.select != "last",
        seed=experiment.seed,
    )
    size = len(images)
    groups, fold = np.full(size, -1, np.int64), np.full(size, splits.NEVER, np.int16)
    validation = np.zeros(size, np.bool_)
    groups[at_hand], fold[at_hand], validation[at_hand] = parts.groups, parts.fold, parts.validation
    return Parts(groups=groups, fold=fold, validation=validation, shares=parts.shares)


def check(parts: Parts, *, at_hand: Mask, dataset: str, folds: int | None) -> None:
    """That each part that a member is to be tested on has an image.

    Args:
        parts: The split.
        at_hand: Shape ``(n,)``, the images that take part.
        dataset: Whose split it is, for messages.
        folds: As in `Experiment`.

    Raises:
        SettingsError: If there are fewer patients than folds, or a part has no image.
    """
    sizes = _sizes(parts, at_hand=at_hand)
    if folds is not None and folds > len(sizes):
        raise SettingsError(
            f"--folds {folds} needs as many patients, since no patient is in two folds; {dataset} has "
            f"{len(sizes)} at hand. Choose fewer folds."
        )
    empty = [fold for fold in range(len(parts.shares)) if not (at_hand & (parts.fold == fold)).any()]
    if empty:
        where = "" if folds is None else f" by {len(empty)} of {folds} folds"
        raise SettingsError(
            f"{dataset}: the regime 'split' would hold nothing out{where}. Its {int(at_hand.sum())} images at hand are "
            f"of {_patients(len(sizes))}, the largest with {int(sizes.max(initial=0))} images, and no patient is cut. "
            "Look whether the patients are what they should be, change --held-out or --folds, or choose --regimes full."
        )


def notes(parts: Parts, *, at_hand: Mask, dataset: str) -> tuple[str, ...]:
    """Says so where whole patients make a part half as large again as was asked for, or half as large."""
    n = int(at_hand.sum())
    counts = [int((at_hand & (parts.fold == fold)).sum()) for fold in range(len(parts.shares))]
    off = [
        f"{count:,} instead of about {share * n:,.0f}"
        for count, share in zip(counts, parts.shares, strict=True)
        if abs(count - share * n) > max(share * n / 2, 1)
    ]
    if not off:
        return ()
    sizes = _sizes(parts, at_hand=at_hand)
    said = (
        f"{dataset}: held-out images: {'; '.join(off)}. Its {n:,} images at hand are of {_patients(len(sizes))}, the "
        f"largest with {int(sizes.max()):,} images, and no patient is cut."
    )
    return (said,)


def _sizes(parts: Parts, *, at_hand: Mask) -> npt.NDArray[np.int64]:
    """The images of each patient at hand; of images of equal content, as of one patient."""
    return np.unique(parts.groups[at_hand], return_counts=True)[1].astype(np.int64)


def _patients(count: int) -> str:
    return "one patient" if count == 1 else f"{count:,} patients"


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
        SELECT patient_id, study_id, content_hash, (dataset, image_id) IN (
            SELECT (dataset, image_id) FROM prediction WHERE model_id = 'split' AND role = 'internal_test'
        ) AS answered
        FROM image WHERE dataset = ?
        """,
        [dataset],
    ).df()
    held_out = draw_parts(images, experiment=experiment).fold != splits.NEVER
    return int(np.count_nonzero(held_out & ~images["answered"].to_numpy(np.bool_)))


def note_unpredicted(dataset: str, *, images: int) -> str:
    """What a reader must know of it."""
    return (
        f"{dataset}: the run that this one goes back to left {images} held-out images beyond its cap unanswered, so "
        "that the task finding, which is over every image where presence is known, has no internal test and no gap."
    )
