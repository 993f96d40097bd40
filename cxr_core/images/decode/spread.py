"""The spread of an image's values: whether a window fits them, and the few that lie far beyond all others."""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.integer]

_AT_ONE_END = 0.95
_INSIDE = 0.5
_FEW = 0.001
_FAR = 1.0


def fits(values: Values, counts: Counts, *, ends: tuple[float, float]) -> bool:
    """Whether a window can be meant for these values.

    It cannot where at least 95 % of the pixels are at one of its ends and less than half of the range from the 1st to
    the 99th percentile is inside: a window of 8 bits left on values of 12, or one in other units.

    Args:
        values: Output of the modality LUT, shape ``(n,)``.
        counts: Pixels of each value, shape ``(n,)``.
        ends: Where the window begins and ends.
    """
    bottom, top = ends
    at_one_end = max(counts[values <= bottom].sum(), counts[values >= top].sum()) / counts.sum()
    low, high = _quantiles(values, counts, 0.01)
    inside = max(0.0, min(high, top) - max(low, bottom))
    return bool(at_one_end < _AT_ONE_END or inside >= _INSIDE * (high - low))


def without_spikes(values: Values, counts: Counts) -> tuple[Values, bool]:
    """Values whose range is that of the image, and whether some had to be cut.

    Pixels count as spikes where they are at most one in a thousand at their end and lie further from all others than
    these are spread: hot or dead pixels, burnt-in marks. They end where the others end. In an ordinary image the
    extremes follow on the others, and nothing is cut.

    Args:
        values: As they are to be stretched, shape ``(n,)``.
        counts: Pixels of each value, shape ``(n,)``.
    """
    low, high = _quantiles(values, counts, _FEW)
    spread = high - low
    if not spread > 0 or (values.max() - high <= _FAR * spread and low - values.min() <= _FAR * spread):
        return values, False
    there = values[counts > 0]
    near = there[(there >= low - _FAR * spread / 4) & (there <= high + _FAR * spread / 4)]
    bottom = values.min() if low - values.min() <= _FAR * spread else near.min()
    top = values.max() if values.max() - high <= _FAR * spread else near.max()
    return np.clip(values, bottom, top), True


def _quantiles(values: Values, counts: Counts, share: float) -> tuple[float, float]:
    """The values that this share of the pixels is below, and that it is above."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(counts[order])
    places = np.searchsorted(below, [share * below[-1], (1 - share) * below[-1]])
    low, high = values[order][np.minimum(places, len(values) - 1)]
    return float(low), float(high)
