"""From raw labels to a reference standard: the votes, and the pieces that the datasets' label policies are made of."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.manifest import Manifest, NameMatch, Policy, Reference, Votes

Presence = npt.NDArray[np.float32]

_BY_RANK = np.array([np.nan, 0, -1, 1], dtype=np.float32)
"""What a reader may say, from what says least to what says most."""

_LABELS_AT_ONCE = 1 << 20
"""So that the indices of fourteen million labels do not lie in memory together."""


def readers(manifest: Manifest) -> tuple[str, ...]:
    """Who labelled, in the order of the second axis of `votes`."""
    return tuple(str(name) for name in pd.Categorical(manifest.labels["reader"]).categories)


def votes(manifest: Manifest) -> Votes:
    """What each reader said about each class of each image.

    Where several of the dataset's names mean one class, or a reader gives one twice, present counts before uncertain,
    uncertain before absent, absent before blank.

    Returns:
        Shape ``(images, readers, k)``, images in the manifest's order, readers as in `readers`: 1, 0, -1 (uncertain),
        NaN (blank, or this reader did not see the image).
    """
    image, finding, reader = (
        pd.Categorical(manifest.labels[name], copy=False) for name in ("image_id", "finding", "reader")
    )
    class_of = {match.finding: match.class_index for match in manifest.names}
    classes = np.array([class_of.get(str(name), -1) for name in finding.categories], dtype=np.int64)
    rows = _rows(pd.Index(manifest.images["image_id"]), image.categories)
    values = manifest.labels["value"].to_numpy(dtype=np.float32)
    said = np.zeros((len(manifest.images), len(reader.categories), len(manifest.classes)), dtype=np.int8)
    for start in range(0, len(values), _LABELS_AT_ONCE):
        part = slice(start, start + _LABELS_AT_ONCE)
        of_image, of_class = rows[image.codes[part]], classes[finding.codes[part]]
        kept = (of_image >= 0) & (of_class >= 0)
        place = (of_image[kept], reader.codes[part][kept], of_class[kept])
        np.maximum.at(said, place, _ranks(values[part][kept]))
    return _BY_RANK[said]


def _rows(images: pd.Index, named: pd.Index) -> npt.NDArray[np.intp]:
    """Where each of the named images is; most often they are named in the order of the images."""
    return np.arange(len(images)) if images.equals(named) else images.get_indexer(named)


def _ranks(values: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    return np.select([values == value for value in _BY_RANK[1:]], [1, 2, 3], 0).astype(np.int8)


def apply(policy: Policy, votes: Votes) -> Reference:
    """The reference standard under a policy.

    A finding on which no reader says anything of any image is unknown there, whatever the policy makes of a blank. The
    class of an image is then that among the other findings, and one that has none of those is left out as
    ``uncertain``.

    Args:
        policy: One of the manifest's.
        votes: Shape ``(images, readers, k)``, as from `votes`.

    Raises:
        ValueError: If the votes have another shape.
    """
    if votes.ndim != 3:
        raise ValueError(f"votes must have the shape (images, readers, classes), found {votes.shape}.")
    reference = policy.rule(votes)
    unstated = np.isnan(votes).all(axis=(0, 1))
    if not unstated.any():
        return reference
    left_out = np.where(reference.left_out == "none", "uncertain", reference.left_out)
    present = np.where(unstated, np.float32(np.nan), reference.present)
    return replace(reference, left_out=left_out, present=present)


def unstated(labels: pd.DataFrame, *, names: Sequence[NameMatch]) -> tuple[str, ...]:
    """A dataset's names for the classes on which no row of its labels says anything, under any of their names.

    Args:
        labels: As in `Manifest`.
        names: The dataset's names.
    """
    stated = set(labels["finding"][labels["value"].notna()].unique())
    classes = {match.class_index for match in names if match.finding in stated}
    return tuple(match.finding for match in names if match.class_index not in classes)


def unstated_note(labels: pd.DataFrame, *, names: Sequence[NameMatch]) -> tuple[str, ...]:
    """What a user must know of findings that a dataset never speaks of, if there are any, in one sentence."""
    silent = unstated(labels, names=names)
    if not silent:
        return ()
    if len(silent) == len(names):
        return ("No row has a label: there is nothing here to compare a prediction with.",)
    said = (
        f"Blank in every row: {', '.join(silent)}. There it is unknown, never absent, under every policy; an image's "
        "class is the one among the other findings."
    )
    return (said,)


def exactly_one(present: Presence) -> Reference:
    """The class of each image that has exactly one of the k.

    Args:
        present: Shape ``(images, k)``: 1, 0, NaN (unknown). An image with an unknown among them is left out as
            ``uncertain``, else one without a class as ``none``, and one with more than one as ``several``.
    """
    unknown = np.isnan(present).any(axis=1)
    positive = present == 1
    count = positive.sum(axis=1)
    left_out = np.full(len(present), None, dtype=object)
    left_out[count == 0] = "none"
    left_out[count > 1] = "several"
    left_out[unknown] = "uncertain"
    classes = np.where((count == 1) & ~unknown, positive.argmax(axis=1), -1)
    return Reference(classes=classes.astype(np.int8), left_out=left_out, present=present.astype(np.float32, copy=False))


def presence_only(present: Presence) -> Reference:
    """A reference standard that says what is present and gives no image a class, nor a reason why not.

    Args:
        present: Shape ``(images, k)``: 1, 0, NaN (unknown).
    """
    classes = np.full(len(present), -1, dtype=np.int8)
    left_out = np.full(len(present), None, dtype=object)
    return Reference(classes=classes, left_out=left_out, present=present.astype(np.float32, copy=False))
