"""The axes that pictures of several pages share: shares from 0 to 100 %, scores from 0 to 1, and a row a name."""

from collections.abc import Sequence

from dashboard.notation import Unit


def share_axis(
    *, steps: int = 5, whole: float = 100, has_grid: bool = False, unit: Unit = "share"
) -> dict[str, object]:
    """An axis from 0 to 100 %; of scores from 0 to 1.

    Args:
        steps: How many parts the ticks make.
        whole: What 100 %, or 1, is in the figure's numbers.
        has_grid: Whether a faint line stands at each tick.
        unit: Of the numbers.
    """
    top = 100 if unit == "share" else 1
    ticks = [f"{top * i / steps:g}" for i in range(steps + 1)]
    return {
        "range": [0, whole],
        "tickvals": [whole * i / steps for i in range(steps + 1)],
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
