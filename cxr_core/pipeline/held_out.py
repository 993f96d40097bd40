"""Checks that a split holds out what was asked for: patients are never cut, and a table may have few of them."""

import numpy as np
import numpy.typing as npt

from cxr_core.errors import SettingsError
from cxr_core.splits import Mask, Parts


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
