"""The axes that pictures of several pages share: shares from 0 to 100 %, and a row a name."""

from collections.abc import Sequence

from dashboard.palette import Palette

_TICK_PX = 12


def share_axis(palette: Palette, *, steps: int = 5, whole: float = 100, has_grid: bool = False) -> dict[str, object]:
    """An axis from 0 to 100 % that cannot be zoomed.

    Args:
        palette: The colours of the current theme.
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
        "gridcolor": palette.grid,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"size": _TICK_PX, "color": palette.soft},
    }


def row_axis(
    names: Sequence[str], *, ends: tuple[float, float], palette: Palette, size_px: float = 13
) -> dict[str, object]:
    """An axis of rows at 0, 1, ... with a name at the left of each.

    Args:
        names: From the top.
        ends: The lowest and the highest place that is shown.
        palette: The colours of the current theme.
        size_px: Of the names.
    """
    return {
        "range": list(ends),
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "tickfont": {"size": size_px, "color": palette.text},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }
