"""VinBigData's label policies: the marks of several readers become one reference standard."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from cxr_core.labels import Presence, exactly_one
from cxr_core.manifest import Policy, Reference, Votes


def any_reader(votes: Votes) -> Reference:
    """Present where at least one reader marked it; a class if exactly one is present."""
    marks, seen = _counts(votes)
    return exactly_one(_present(marks >= 1, seen=seen))


def majority(votes: Votes) -> Reference:
    """Present where more than half of an image's readers marked it; a class if exactly one is present."""
    return exactly_one(_by_majority(votes))


def unanimous(votes: Votes) -> Reference:
    """Present where all of an image's readers marked it; a class if exactly one is present."""
    marks, seen = _counts(votes)
    return exactly_one(_present(marks == seen[:, None], seen=seen))


def dominant(votes: Votes) -> Reference:
    """The class that most readers marked, ties to the lower index, none if nobody marked any.

    Presence is by majority, and 1 for the class: it is never called absent where it is the image's class.
    """
    marks, _ = _counts(votes)
    marked = marks.any(axis=1)
    left_out = np.full(len(votes), None, dtype=object)
    left_out[~marked] = "none"
    classes = np.where(marked, marks.argmax(axis=1), -1).astype(np.int8)
    present = _by_majority(votes)
    present[marked, classes[marked]] = 1
    return Reference(classes=classes, left_out=left_out, present=present)


def ties(votes: Votes, *, classes: Sequence[str]) -> str:
    """How many images get their class from `dominant` by the order of the classes alone, and of which class most do.

    Args:
        votes: Shape ``(images, readers, k)``.
        classes: What the classes are called.
    """
    marks, _ = _counts(votes)
    most = marks.max(axis=1)
    chosen = marks.argmax(axis=1)[most > 0]
    is_tie = ((marks == most[:, None]).sum(axis=1) > 1)[most > 0]
    if not is_tie.any():
        return ""
    images = np.bincount(chosen, minlength=len(classes))
    tied = np.bincount(chosen[is_tie], minlength=len(classes))
    share = np.divide(tied, images, out=np.zeros(len(classes)), where=images > 0)
    worst = int(share.argmax())
    return (
        f"A tie gave {tied.sum():,} of {images.sum():,} images their class ({is_tie.mean():.1%}), "
        f"{classes[worst]} most often: {tied[worst]:,} of {images[worst]:,} ({share[worst]:.0%})."
    )


def policies(classes: Sequence[str]) -> tuple[Policy, ...]:
    """The label policies.

    Args:
        classes: What the run's classes are called.
    """
    return (
        Policy(
            name="any_reader",
            description="Present if at least one reader marked it; the class is the only one present.",
            rule=any_reader,
        ),
        Policy(
            name="majority",
            description="Present if more than half of the readers marked it; the class is the only one present.",
            rule=majority,
            is_default=True,
        ),
        Policy(
            name="unanimous",
            description="Present if every reader marked it; the class is the only one present.",
            rule=unanimous,
        ),
        Policy(
            name="dominant",
            description=(
                "The class is the one that most readers marked, ties to the first of the classes; present if more than "
                "half of the readers marked it, or if it is the class."
            ),
            rule=dominant,
            remark=partial(ties, classes=classes),
        ),
    )


TEST_POLICIES = (
    Policy(
        name="consensus",
        description="Present if five radiologists agreed on it; the class is the only one present.",
        rule=majority,
        is_default=True,
    ),
)
"""Of the official test set, where the consensus stands as one reader."""


def _counts(votes: Votes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """How many readers marked each class, shape ``(images, k)``, and how many saw the image, shape ``(images,)``."""
    return (votes == 1).sum(axis=1), (~np.isnan(votes)).any(axis=2).sum(axis=1)


def _by_majority(votes: Votes) -> Presence:
    marks, seen = _counts(votes)
    return _present(2 * marks > seen[:, None], seen=seen)


def _present(present: npt.NDArray[np.bool_], *, seen: npt.NDArray[np.int64]) -> Presence:
    """Presence as numbers, unknown where nobody saw the image."""
    return np.where(seen[:, None] > 0, present.astype(np.float32), np.float32(np.nan))
