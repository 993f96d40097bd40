"""Agreement of readers of the same images on a finding.

Source: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed. (2003), section 18.3, for more
than two readers: the specific positive agreement is how often a reader's mark is shared by another reader of the same
image, pairs that share it over pairs of which one has it. For two readers it is the Dice coefficient of what they mark.
It does not count the many images on which all agree that there is nothing, and does not depend on how many readers
there are.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.integer]


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Ordered pairs of readers of one image: one reader who marks it, and any other.

    Attributes:
        shared: Of how many pairs the other marks it too, shape ``(n,)``.
        all: How many pairs there are, shape ``(n,)``; 0 where nobody marks the image or only one reader read it.
    """

    shared: npt.NDArray[np.int64]
    all: npt.NDArray[np.int64]


def pairs(marks: Counts, readers: Counts) -> Pairs:
    """The pairs of readers that the agreement of each image rests on.

    Args:
        marks: How many readers mark the finding, shape ``(n,)``, 0 to `readers`.
        readers: How many readers said whether it is there, shape ``(n,)``.

    Returns:
        ``marks (marks - 1)`` and ``marks (readers - 1)``. `statistics.shares.share` of both, added up within patients,
        is the specific agreement with its interval.

    Raises:
        ValueError: If the shapes differ, or an image has more marks than readers.

    >>> found = pairs(np.array([2, 1, 1, 0]), np.array([2, 2, 2, 2]))
    >>> (found.shared.tolist(), found.all.tolist())
    ([2, 0, 0, 0], [2, 1, 1, 0])
    """
    if marks.shape != readers.shape or (marks > readers).any():
        raise ValueError("Expected of each image at most as many marks as readers.")
    mine, read = marks.astype(np.int64), readers.astype(np.int64)
    return Pairs(shared=mine * (mine - 1), all=mine * (read - 1))
