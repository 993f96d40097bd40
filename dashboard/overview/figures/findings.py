"""Dumbbells: a row a finding, AUROC in both tests, or sensitivity and specificity side by side."""

from collections.abc import Collection, Sequence

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation
from plotly.subplots import make_subplots

from dashboard.figures.annotations import annotation
from dashboard.figures.axes import row_axis, share_axis
from dashboard.figures.baselines import dashes
from dashboard.figures.marks import Mark, draw_marks, looks
from dashboard.figures.names import shortened
from dashboard.figures.template import SMALL_PX
from dashboard.notation import NOT_ESTIMABLE, Unit, amount, bare, bracket
from dashboard.overview.data.findings import Finding
from dashboard.palette import Palette
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.counts import of_both_in_short, rests_on
from dashboard.text.findings import LABELS
from dashboard.text.gaps import gap_title

_ROW_PX = (26, 44)
_TALL_PX = 800
_TOP = -1.4
_RISE = 0.17
_COLUMN_PX = 150
_LETTERS = 28


def findings_figure(rows: Sequence[Finding], *, sides: Collection[Side], palette: Palette) -> go.Figure:
    """A row a finding, in the order given: a panel a metric, and beside it the numbers that there is room for.

    Args:
        rows: From the top; all have the same metrics.
        sides: The tests that there are.
        palette: The colours of the current theme.
    """
    metrics = list(rows[0].scores)
    shown = [side for side in Side if side in sides]
    row_px = min(_ROW_PX[1], max(_ROW_PX[0], _TALL_PX // len(rows)))
    figure = make_subplots(cols=len(metrics), shared_yaxes=True, horizontal_spacing=0.22 if len(metrics) > 1 else 0)
    bottom = len(rows) - 0.4
    for panel, metric in enumerate(metrics, start=1):
        pairs = [row.scores.get(metric) for row in rows]
        _draw_panel(figure, pairs, shown, metric=metric, panel=panel, bottom=bottom, palette=palette)
        columns = _columns(pairs, shown, is_narrow=len(metrics) > 1, palette=palette)
        _write(figure, columns, panel=panel)
    right = _COLUMN_PX * (1 if len(metrics) > 1 else len(_headings(shown, is_narrow=False, unit="score")))
    height = round(row_px * (bottom - _TOP)) + 50
    figure.update_yaxes(**row_axis([_name(row, palette) for row in rows], ends=(bottom, _TOP)))
    figure.update_layout(height=height, margin={"r": right + 10, "t": 6, "b": 44})
    return figure


def _draw_panel(
    figure: go.Figure,
    pairs: Sequence[Pair | None],
    sides: Sequence[Side],
    *,
    metric: str,
    panel: int,
    bottom: float,
    palette: Palette,
) -> None:
    kinds = looks(palette, rise=_RISE if len(sides) > 1 else 0)
    axis = share_axis(has_grid=True, unit=_unit(pairs))
    figure.update_xaxes(**axis, title_text=LABELS[metric], row=1, col=panel)
    if metric == "auroc":
        line = {"x0": 50, "x1": 50, "y0": -0.6, "y1": bottom, "line": dashes(palette), "layer": "below"}
        figure.add_shape(type="line", **line, row=1, col=panel)
        figure.add_annotation(
            annotation("chance", x=50, y=-0.95, color=palette.baseline, size_px=SMALL_PX, axis="x"), row=1, col=panel
        )
    for y, pair in enumerate(pairs):
        _join(figure, pair, y=y, panel=panel, palette=palette)
    for side in sides:
        numbers = [(y, pair.of(side)) for y, pair in enumerate(pairs) if pair is not None]
        marks = [
            Mark(y=y, estimate=number.estimate, rests_on=rests_on(number))
            for y, number in numbers
            if number is not None
        ]
        draw_marks(figure, marks, kinds.of(side), place=(1, panel), size_px=9)


def _join(figure: go.Figure, pair: Pair | None, *, y: int, panel: int, palette: Palette) -> None:
    values = [] if pair is None else [n.estimate.value for n in pair.sides.values() if n.estimate.is_number]
    if len(values) == len(Side):
        figure.add_scatter(
            x=[100 * value for value in values],
            y=[y - _RISE, y + _RISE],
            mode="lines",
            line={"color": palette.rule, "width": 2},
            hoverinfo="skip",
            row=1,
            col=panel,
        )


Column = tuple[str, str, list[str]]
"""A heading, its colour, and a text a row, in Plotly's markup."""


def _columns(pairs: Sequence[Pair | None], sides: Sequence[Side], *, is_narrow: bool, palette: Palette) -> list[Column]:
    headings = _headings(sides, is_narrow=is_narrow, unit=_unit(pairs))
    found: list[Column] = []
    for side, heading in headings.items():
        if side is None:
            found.append((heading, palette.text, [_gap(pair, palette) for pair in pairs]))
        else:
            texts = [_number(None if pair is None else pair.of(side), palette) for pair in pairs]
            found.append((heading, side.color(palette), texts))
    return found


def _headings(sides: Sequence[Side], *, is_narrow: bool, unit: Unit) -> dict[Side | None, str]:
    """The numbers that are written: both tests and the gap; in a narrow panel the last of them alone."""
    whole: dict[Side | None, str] = {side: f"{side.mark} {side}" for side in sides}
    if len(sides) == len(Side):
        whole[None] = gap_title(unit)
    return dict(list(whole.items())[-1:]) if is_narrow else whole


def _write(figure: go.Figure, columns: Sequence[Column], *, panel: int) -> None:
    axis = f"x{'' if panel == 1 else panel} domain"
    notes = [
        Annotation(
            x=1,
            xref=axis,
            xshift=_COLUMN_PX * place,
            xanchor="right",
            y=y,
            yref="y",
            text=text,
            font={"color": color, "size": SMALL_PX},
        )
        for place, (heading, color, texts) in enumerate(columns, start=1)
        for y, text in [(-0.95, f"<b>{heading}</b>"), *enumerate(texts)]
        if text
    ]
    figure.layout.annotations = (*figure.layout.annotations, *notes)


def _number(number: Number | None, palette: Palette) -> str:
    if number is None or not number.estimate.n:
        return _soft("<i>not known</i>", palette)
    if not number.estimate.is_number:
        return _soft(f"<i>{NOT_ESTIMABLE}</i>", palette)
    return f"{amount(number.estimate)} {_soft(bracket(number.estimate), palette)}"


def _gap(pair: Pair | None, palette: Palette) -> str:
    if pair is None or pair.lost is None or not pair.lost.is_number:
        return _soft("<i>no gap</i>", palette)
    return f"<b>{bare(pair.lost.value, unit=pair.lost.unit)}</b> {_soft(bracket(pair.lost), palette)}"


def _soft(text: str, palette: Palette) -> str:
    return f"<span style='color:{palette.soft}'>{text}</span>"


def _name(row: Finding, palette: Palette) -> str:
    name = shortened(row.name, letters=_LETTERS)
    pair = next(iter(row.scores.values()))
    n = of_both_in_short(pair).rpartition(" ")[0].removesuffix(f" {next(iter(pair.sides), '')}")
    return f"{name} <span style='color:{palette.soft};font-size:{SMALL_PX}px'> {n}</span>"


def _unit(pairs: Sequence[Pair | None]) -> Unit:
    units = (n.estimate.unit for pair in pairs if pair is not None for n in pair.sides.values())
    return next(units, "share")
