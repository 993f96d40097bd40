"""The axes that pictures of several pages share: shares from 0 to 100 %, scores from 0 to 1, and a row a name."""

from collections.abc import Sequence

from dashboard.notation import Unit

_ENDS = {0.05: 5, 0.1: 5, 0.2: 4, 0.3: 3, 0.4: 4, 0.5: 5, 0.6: 3, 0.8: 4, 1.0: 5}
"""Where an axis of shares may end, and how many parts its ticks make."""


def share_end(reach: float) -> float:
    """Where an axis of shares ends that need not reach 100 %: the next round share, in [0, 1]."""
    return next((end for end in _ENDS if end >= reach), 1.0)


def share_axis(
    *,
    steps: int | None = None,
    whole: float = 100,
    end: float = 1.0,
    has_grid: bool = False,
    unit: Unit = "share",
) -> dict[str, object]:
    """An axis from 0 to 100 %, or to less; of scores from 0 to 1.

    Args:
        steps: How many parts the ticks make; by default so many that they are round.
        whole: What 100 %, or 1, is in the figure's numbers.
        end: Where it ends, one that `share_end` gives.
        has_grid: Whether a faint line stands at each tick.
        unit: Of the numbers.
    """
    parts = steps or _ENDS[end]
    shares = [end * i / parts for i in range(parts + 1)]
    top = 100 if unit == "share" else 1
    ticks = [f"{top * share:.3g}" for share in shares]
    return {
        "range": [0, whole * end],
        "tickvals": [whole * share for share in shares],
        "ticktext": [*ticks[:-1], f"{ticks[-1]} %" if unit == "share" else ticks[-1]],
        "showgrid": has_grid,
    }


def row_axis(
    names: Sequence[str], *, ends: tuple[float, float], places: Sequence[float] | None = None
) -> dict[str, object]:
    """An axis of rows with a name at the left of each.

    Args:
        names: From the top.
        ends: The lowest and the highest place that is shown.
        places: Of the rows; by default 0, 1, ...
    """
    rows = range(len(names)) if places is None else places
    return {"range": list(ends), "tickvals": list(rows), "ticktext": list(names)}
