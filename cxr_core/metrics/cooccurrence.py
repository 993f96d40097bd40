"""Co-occurrence: findings that are present together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Cooccurrence:
    """How often one finding is present where another is.

    Attributes:
        images: How many images.
        present: In how many of them each finding is present, shape ``(k,)``.
        known: Images that have the finding of the row and where presence of that of the column is known, ``(k, k)``.
        both: Of these, the images that have both, ``(k, k)``.
    """

    images: int
    present: Counts
    known: Counts
    both: Counts

    def shares(self) -> npt.NDArray[np.float64]:
        """Of the images with the row's finding, the share with the column's: ``both / known``; NaN where none tells."""
        undefined = np.full(self.known.shape, np.nan)
        return np.asarray(np.divide(self.both, self.known, out=undefined, where=self.known > 0), np.float64)


def cooccurrence(present: npt.NDArray[np.floating], *, images: Counts | None = None) -> Cooccurrence:
    """Counts which findings are present together.

    Args:
        present: Presence of each finding, shape ``(n, k)``: 1, 0, or NaN where it is not known.
        images: Of how many images each row is, shape ``(n,)``; None: of one.

    Returns:
        The counts, all 0 without images.

    >>> cooccurrence(np.array([[1, 1, 0], [1, np.nan, 0]])).shares()
    array([[ 1.,  1.,  0.],
           [ 1.,  1.,  0.],
           [nan, nan, nan]])
    """
    each = np.ones(present.shape[0], np.int64) if images is None else images.astype(np.int64)
    has, is_known = (present == 1).astype(np.int64), (~np.isnan(present)).astype(np.int64)
    with_row = (has * each[:, None]).T
    return Cooccurrence(
        images=int(each.sum()), present=with_row.sum(axis=1), known=with_row @ is_known, both=with_row @ has
    )
