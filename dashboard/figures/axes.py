"""The axes that pictures of several pages share: shares from 0 to 100 %, and a row a name."""

from collections.abc import Sequence


def share_axis(*, steps: int = 5, whole: float = 100, has_grid: bool = False) -> dict[str, object]:
    """An axis from 0 to 100 %.

    Args:
        steps: How many parts the ticks make.
        whole: What 100 % is in the figure's numbers.
        has_grid: Whether a faint line stands at each tick.
    """
    percents = [f"{100 * i / steps:g}" for i in range(steps + 1)]
    return {
        "range": [0, whole],
        "tickvals": [whole * i / steps for i in range(steps + 1)],
        "ticktext": [*percents[:-1], f"{percents[-1]} %"],
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
