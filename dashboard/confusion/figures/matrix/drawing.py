"""Confusion matrices as an SVG, from the words and colours of their grids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from dashboard.confusion.figures.matrix.grid import Grid, MatrixRow
from dashboard.figures.printing import FAMILY
from dashboard.palette import LIGHT

_LETTER = 0.62
"""Of a letter of DejaVu Sans, its mean width by its height."""

_GAP_PX = 3
_BETWEEN_PX = 36
_EDGE_PX = 10
_TEXT_PX = 11
_SMALL_PX = 9.5
_LINE_PX = 13


@dataclass(frozen=True, kw_only=True)
class _Sizes:
    """Of a cell and of what stands around the cells, px."""

    cell: tuple[float, float]
    names: float
    heads: float
    numbers: float
    is_upright: bool

    @property
    def top(self) -> float:
        """Where the cells of a matrix begin."""
        return 2 * _LINE_PX + self.heads + 8

    def width(self, grid: Grid) -> float:
        """Of a matrix with its names and numbers."""
        return self.names + len(grid.classes) * (self.cell[0] + _GAP_PX) + len(grid.n_heads) * self.numbers

    def height(self, grid: Grid) -> float:
        """Of a matrix with its headings."""
        below = 2 * _LINE_PX if grid.foot else 0
        return self.top + len(grid.rows) * (self.cell[1] + _GAP_PX) + below


def drawn(grids: Sequence[Grid]) -> str:
    """The matrices side by side; where the classes are many, one below the other. One without rows is left out.

    Args:
        grids: In the colours of paper.
    """
    shown = [grid for grid in grids if grid.rows]
    sizes = _sizes(shown)
    x, y, right, parts = float(_EDGE_PX), float(_EDGE_PX), 0.0, list[str]()
    for grid in shown:
        parts.append(f'<g transform="translate({x:.1f},{y:.1f})">{"".join(_matrix(grid, sizes))}</g>')
        right = max(right, x + max(sizes.width(grid), _length(f"{grid.title} {grid.detail}", _TEXT_PX)))
        if grid.is_dense:
            y += sizes.height(grid) + _BETWEEN_PX
        else:
            x = right + _BETWEEN_PX
    tallest = max((sizes.height(grid) for grid in shown), default=0.0)
    bottom = y - _BETWEEN_PX if shown and shown[0].is_dense else y + tallest
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{right + _EDGE_PX:.0f}" height="{bottom + _EDGE_PX:.0f}" '
        f'viewBox="0 0 {right + _EDGE_PX:.0f} {bottom + _EDGE_PX:.0f}" font-family="{FAMILY}">{"".join(parts)}</svg>'
    )


def _sizes(grids: Sequence[Grid]) -> _Sizes:
    classes = [name for grid in grids for name in grid.classes]
    is_dense = any(grid.is_dense for grid in grids)
    longest = max((_length(name, _TEXT_PX) for name in classes), default=0.0)
    words = max((_length(word, _SMALL_PX) for name in classes for word in _lines(name)), default=0.0)
    lines = max((len(_lines(name)) for name in classes), default=1)
    heads = longest + 6 if is_dense else lines * _LINE_PX
    cell = (40.0, 26.0) if is_dense else (max(62.0, words + 6), 40.0)
    texts = [text for grid in grids for text in grid.n_heads] + [
        text for grid in grids for row in grid.rows for text in (*row.n, *row.notes)
    ]
    numbers = max((_length(text, _SMALL_PX) for text in texts), default=0.0) + 14
    return _Sizes(cell=cell, names=longest + 14, heads=heads, numbers=numbers, is_upright=is_dense)


def _matrix(grid: Grid, sizes: _Sizes) -> Iterator[str]:
    title = f'<tspan font-weight="bold" fill="{grid.hue}">{escape(grid.title)}</tspan>'
    detail = f'<tspan fill="{LIGHT.soft}">  {escape(grid.detail)}</tspan>'
    yield f'<text y="{_TEXT_PX}" font-size="{_TEXT_PX}" xml:space="preserve">{title}{detail}</text>'
    yield _text(grid.corner, x=sizes.names - 6, y=sizes.top - 6, anchor="end", fill=LIGHT.soft)
    for column, name in enumerate(grid.classes):
        yield from _head(name, x=sizes.names + (column + 0.5) * (sizes.cell[0] + _GAP_PX), sizes=sizes)
    for column, name in enumerate(grid.n_heads):
        yield _text(name, x=_number_x(grid, column, sizes), y=sizes.top - 6, anchor="end", fill=LIGHT.soft)
    for line, row in enumerate(grid.rows):
        yield from _row(grid, row, y=sizes.top + line * (sizes.cell[1] + _GAP_PX), sizes=sizes)
    yield from _foot(grid, y=sizes.top + len(grid.rows) * (sizes.cell[1] + _GAP_PX) + _TEXT_PX, sizes=sizes)


def _head(name: str, *, x: float, sizes: _Sizes) -> Iterator[str]:
    if sizes.is_upright:
        place = f'transform="translate({x + 3:.1f},{sizes.top - 6:.1f}) rotate(-90)"'
        yield f'<text {place} font-size="{_SMALL_PX}" fill="{LIGHT.text}">{escape(name)}</text>'
        return
    lines = _lines(name)
    for i, line in enumerate(lines):
        y = sizes.top - 6 - (len(lines) - 1 - i) * (_LINE_PX - 1)
        yield _text(line, x=x, y=y, anchor="middle", fill=LIGHT.text)


def _row(grid: Grid, row: MatrixRow, *, y: float, sizes: _Sizes) -> Iterator[str]:
    wide, high = sizes.cell
    middle = y + high / 2 + 4
    yield _text(row.name, x=sizes.names - 6, y=middle, anchor="end", fill=LIGHT.text, size_px=_TEXT_PX)
    if not row.cells:
        whole = len(grid.classes) * (wide + _GAP_PX)
        yield _text(row.absent, x=sizes.names + whole / 2, y=middle, anchor="middle", fill=LIGHT.soft)
    for column, cell in enumerate(row.cells):
        x = sizes.names + column * (wide + _GAP_PX)
        edge = f' stroke="{LIGHT.soft}"' if cell.is_right else ""
        box = f'x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" width="{wide - 1:.1f}" height="{high - 1:.1f}" rx="2"'
        yield f'<rect {box} fill="{cell.fill}"{edge}><title>{escape(cell.title)}</title></rect>'
        style = "italic" if cell.is_faint else "normal"
        yield _text(cell.text, x=x + wide / 2, y=middle, anchor="middle", fill=cell.ink, style=style)
    for column, (number, note) in enumerate(zip(row.n, row.notes, strict=True)):
        x = _number_x(grid, column, sizes)
        yield _text(number, x=x, y=middle - (5 if note else 0), anchor="end", fill=LIGHT.soft)
        if note:
            yield _text(note, x=x, y=middle + 7, anchor="end", fill=LIGHT.soft)


def _foot(grid: Grid, *, y: float, sizes: _Sizes) -> Iterator[str]:
    if grid.foot:
        yield _text("n predicted", x=sizes.names - 6, y=y, anchor="end", fill=LIGHT.soft)
    for column, (number, note) in enumerate(zip(grid.foot, grid.foot_notes, strict=True)):
        x = sizes.names + (column + 0.5) * (sizes.cell[0] + _GAP_PX)
        yield _text(number, x=x, y=y, anchor="middle", fill=LIGHT.soft)
        yield _text(note, x=x, y=y + _LINE_PX - 1, anchor="middle", fill=LIGHT.soft)


def _number_x(grid: Grid, column: int, sizes: _Sizes) -> float:
    return sizes.names + len(grid.classes) * (sizes.cell[0] + _GAP_PX) + (column + 1) * sizes.numbers - 4


def _text(
    text: str, *, x: float, y: float, anchor: str, fill: str, size_px: float = _SMALL_PX, style: str = "normal"
) -> str:
    if not text:
        return ""
    italic = f' font-style="{style}"' if style != "normal" else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size_px}"'
    return f'<text {place} fill="{fill}"{italic}>{escape(text)}</text>'


def _lines(name: str) -> list[str]:
    """A name's words, one a line; a slash stays at the end of its line."""
    return name.replace("/", "/ ").split()


def _length(text: str, size_px: float) -> float:
    return _LETTER * size_px * len(text)
