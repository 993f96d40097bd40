"""Every metric of the four configurations, panel beside panel: the paper's Fig. 4, and more."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cxr_core.metrics.catalogue import is_share, record
from dashboard.figures.axes import row_axis, share_axis
from dashboard.figures.baselines import draw_band
from dashboard.figures.marks import Looks, Mark, draw_marks, looks
from dashboard.figures.template import SIZE_PX, SMALL_PX
from dashboard.notation import NOT_ESTIMABLE, Estimate, Unit, bare, resting_on
from dashboard.palette import Palette
from dashboard.performance.data.configurations import Panel, PanelRow
from dashboard.performance.figures.columns import small
from dashboard.performance.text.names import titled
from dashboard.results.side import Side
from dashboard.text.configurations import configuration_name

Place = tuple[int, int]
"""Row and column of a panel, from 1."""

_COLUMNS = 4
_ROW_PX = 66
_GAP_PX = 84
_TOP = -0.62


def panels_figure(found: Sequence[Panel], *, constants: Mapping[str, float], palette: Palette) -> go.Figure:
    """A panel a metric, a row a configuration; both tests joined where they can be compared.

    Args:
        found: From left to right, then from the top; all with the same configurations.
        constants: What takes no skill to score externally, in [0, 1], where that is known.
        palette: The colours of the current theme.
    """
    rows, columns = found[0].rows, min(_COLUMNS, len(found))
    lines = -(-len(found) // columns)
    height_px = lines * (_ROW_PX * len(rows) + _GAP_PX)
    figure = make_subplots(
        rows=lines,
        cols=columns,
        shared_yaxes=True,
        horizontal_spacing=0.025,
        vertical_spacing=_GAP_PX / (height_px - _GAP_PX) if lines > 1 else 0,
    )
    figure.update_layout(height=height_px)
    kinds = looks(palette, rise=0.0001)
    bottom = len(rows) - 0.4
    for index, panel in enumerate(found):
        place = (index // columns + 1, index % columns + 1)
        unit: Unit = "share" if is_share(panel.metric) else "score"
        figure.update_xaxes(**_axis(unit), row=place[0], col=place[1])
        _write_over(figure, f"<b>{titled(panel.metric)}</b>", place=place, rise_px=20, color=palette.text)
        if panel.metric in constants:
            _draw_constant(figure, constants[panel.metric], unit=unit, place=place, bottom=bottom, palette=palette)
        _draw_panel(figure, panel, place=place, kinds=kinds, palette=palette)
    names = [configuration_name(row.configuration).replace(" (", "<br>(") for row in rows]
    figure.update_yaxes(**row_axis(names, ends=(bottom, _TOP)))
    figure.update_layout(margin={"t": 56})
    return figure


def _draw_panel(figure: go.Figure, panel: Panel, *, place: Place, kinds: Looks, palette: Palette) -> None:
    internal: list[Mark] = []
    external: list[Mark] = []
    training: list[Mark] = []
    for y, row in enumerate(panel.rows):
        configuration = row.configuration
        if row.is_joined:
            _join(figure, row, y=y, place=place, palette=palette)
        internal += _marks(configuration.internal, y=y)
        external += _marks(configuration.external, y=y)
        if configuration.internal is None:
            training += _marks(configuration.training, y=y)
        _write_doubts(figure, row, y=y, place=place, metric=panel.metric, palette=palette)
    tests = ((internal, kinds.of(Side.INTERNAL)), (external, kinds.of(Side.EXTERNAL)))
    for marks, look in ((training, kinds.training), *tests):
        draw_marks(figure, marks, look, place=place)


def _marks(estimate: Estimate | None, *, y: int) -> list[Mark]:
    return [] if estimate is None else [Mark(y=y, estimate=estimate, text=bare(estimate.value, unit=estimate.unit))]


def _join(figure: go.Figure, row: PanelRow, *, y: int, place: Place, palette: Palette) -> None:
    internal, external = row.configuration.internal, row.configuration.external
    if internal is None or external is None or not (internal.is_number and external.is_number):
        return
    figure.add_scatter(
        x=[100 * external.value, 100 * internal.value],
        y=[y, y],
        mode="lines",
        line={"color": palette.rule, "width": 2},
        hoverinfo="skip",
        row=place[0],
        col=place[1],
    )


def _write_doubts(figure: go.Figure, row: PanelRow, *, y: int, place: Place, metric: str, palette: Palette) -> None:
    configuration = row.configuration
    training = configuration.training if configuration.internal is None else None
    tests = (
        (Side.INTERNAL, configuration.internal, -0.28),
        ("training", training, -0.28),
        (Side.EXTERNAL, configuration.external, 0.28),
    )
    for where, estimate, shift in tests:
        if estimate is None or estimate.is_number:
            continue
        figure.add_annotation(
            x=2,
            y=y + shift,
            text=small(f"<i>{where}: {_why_none(estimate, metric)}</i>", palette),
            xanchor="left",
            row=place[0],
            col=place[1],
        )


def _why_none(estimate: Estimate, metric: str) -> str:
    if estimate.estimable:
        return "undefined"
    return f"{NOT_ESTIMABLE}, {resting_on(estimate)}" if record(metric).rests_on == "images" else NOT_ESTIMABLE


def _axis(unit: Unit) -> dict[str, object]:
    """The tick at the end is left out: it would run into the first of the next panel."""
    axis = share_axis(steps=2, has_grid=True, unit=unit)
    return {**axis, "ticktext": ["0", "50 %" if unit == "share" else "0.5", ""]}


def _draw_constant(
    figure: go.Figure, constant: float, *, unit: Unit, place: Place, bottom: float, palette: Palette
) -> None:
    draw_band(figure, constant, across=(_TOP, bottom), palette=palette, panel=place)
    said = f"without skill externally, {bare(constant, unit=unit)}"
    _write_over(figure, said, place=place, rise_px=2, color=palette.baseline, size_px=SMALL_PX)


def _write_over(
    figure: go.Figure, text: str, *, place: Place, rise_px: int, color: str, size_px: int = SIZE_PX
) -> None:
    figure.add_annotation(
        x=0,
        y=_TOP,
        yshift=rise_px,
        text=text,
        font={"color": color, "size": size_px},
        xanchor="left",
        yanchor="bottom",
        row=place[0],
        col=place[1],
    )
