"""The grid of a matrix: rows of cells, each with its words and its colours."""

from dataclasses import dataclass

from dashboard.results.side import Side


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell.

    Attributes:
        text: What stands in it.
        title: What it says, in a sentence, for the pointer and for screen readers.
        fill: Its ground, as ``#RRGGBB``.
        ink: Its text colour, as ``#RRGGBB``.
        is_right: Whether the answer is the true class: the diagonal.
        is_faint: Whether it rests on too few images to be read as a share.
    """

    text: str
    title: str
    fill: str
    ink: str
    is_right: bool
    is_faint: bool = False


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """The images of one class.

    Attributes:
        name: The class.
        cells: One per answer; empty where the class has no images.
        n: Images that the row rests on, one number per heading of its grid.
        notes: What to know of each of these numbers; empty where nothing.
        absent: What stands where there are no cells.
    """

    name: str
    cells: tuple[Cell, ...]
    n: tuple[str, ...]
    notes: tuple[str, ...]
    absent: str = "no images"


@dataclass(frozen=True, kw_only=True)
class Grid:
    """One matrix.

    Attributes:
        side: Which test a click on a cell asks for.
        title: What the matrix is of.
        detail: What its numbers are.
        hue: Colour of the title.
        classes: Headings of the columns.
        n_heads: Headings of the numbers at the right.
        rows: From the top; empty where there is no such test.
        foot: What stands below the columns: what they rest on; empty where they are no whole.
        foot_notes: What to know of each of these numbers; empty where nothing.
        absent: Why there are no rows.
        is_dense: Whether the classes are many, so that cells are small.
        corner: What stands above the names of the rows.
    """

    side: Side
    title: str
    detail: str
    hue: str
    classes: tuple[str, ...]
    n_heads: tuple[str, ...] = ("n",)
    rows: tuple[MatrixRow, ...] = ()
    foot: tuple[str, ...] = ()
    foot_notes: tuple[str, ...] = ()
    absent: str = ""
    is_dense: bool = False
    corner: str = "true ↓  predicted →"
