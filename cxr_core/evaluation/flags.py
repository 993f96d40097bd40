"""What a model flags at an operating point: the one rule by which a score or a flag becomes yes or no."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]

STATED = "stated"
"""The operating point that came with the model, or was given with its predictions."""


def flags(
    probability: Numbers | None, flagged: Numbers | None, *, thresholds: Mapping[str, Numbers]
) -> dict[str, Numbers]:
    """The flags at each operating point.

    A score is positive from the threshold up, both in the precision that scores are stored in, so that a score written
    as the threshold is positive. Where the predictions hold a flag, it stands at the operating point ``stated``,
    whatever the score.

    Args:
        probability: Shape ``(n, k)``; NaN where nothing is said. None: there are flags alone.
        flagged: Flags that came with the predictions, shape ``(n, k)``: 1, 0, NaN where there is none. None: there are
            none.
        thresholds: By operating point, shape ``(k,)``; NaN where a finding has none.

    Returns:
        By operating point, shape ``(n, k)``: 1, 0, NaN where nothing is said; none where there are neither thresholds
        nor flags.

    >>> scores = np.array([[0.5, 0.2]], np.float32)
    >>> flags(scores, None, thresholds={"stated": np.array([0.5, np.nan], np.float32)})["stated"]
    array([[ 1., nan]], dtype=float32)
    """
    found = {} if probability is None else {name: _from(probability, given) for name, given in thresholds.items()}
    if flagged is not None:
        scored = found.get(STATED, np.full_like(flagged, np.nan))
        found[STATED] = np.where(np.isnan(flagged), scored, flagged)
    return found


def _from(probability: Numbers, thresholds: Numbers) -> Numbers:
    thresholds = thresholds.astype(np.float32)
    said = np.isfinite(probability) & np.isfinite(thresholds)
    return np.where(said, probability >= thresholds, np.nan).astype(np.float32)
