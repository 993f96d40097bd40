"""PDF of a drawing, by typst, and of pixels, by Pillow. typst is an optional extra: without it the menus say so."""

import functools
import importlib.util
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from cxr_core.errors import CxrError
from dashboard.exports import svg

if TYPE_CHECKING:
    import typst

_POINTS_PER_PX = 0.75
_DPI = 300
_MOST_PIXELS = 80_000_000

_DOCUMENT = """\
#set document(title: sys.inputs.title, author: "Second Site", date: none)
#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, alt: sys.inputs.title)
"""

_NEEDED = ("typst", "matplotlib")
"""What makes the PDF, and what brings the letters."""


class PictureError(CxrError):
    """A picture that cannot be made into a file."""


@functools.cache
def missing() -> str:
    """What to type so that drawings can be had as PDF; empty if they can."""
    absent = any(importlib.util.find_spec(name) is None for name in _NEEDED)
    return f"pip install {' '.join(_NEEDED)}" if absent else ""


def font_files() -> tuple[Path, ...]:
    """DejaVu Sans, regular, bold and oblique, which matplotlib's wheel brings; empty without it.

    It has every sign that the pages use, and it is the one family that the browser can measure and typst can embed.
    """
    found = importlib.util.find_spec("matplotlib")
    if found is None or not found.submodule_search_locations:
        return ()
    folder = Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    return tuple(folder / name for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"))


def from_svg(drawing: str, *, title: str) -> bytes:
    """A page as large as the drawing, its lines and letters kept as such, its fonts within.

    Args:
        drawing: An SVG, perhaps from a stranger's browser: it is checked first.
        title: Told to readers of the file and to screen readers.

    Raises:
        UnsafeSvgError: If the drawing could reach beyond itself.
        PictureError: If typst is not installed, or cannot draw it.
    """
    size = svg.checked(drawing)
    if missing():
        raise PictureError(f"PDF needs: {missing()}")
    import typst

    document = _DOCUMENT.format(width=size.width * _POINTS_PER_PX, height=size.height * _POINTS_PER_PX)
    with tempfile.TemporaryDirectory() as nothing:  # all that the document could read
        compiler = typst.Compiler(
            document.encode(), root=nothing, font_paths=_fonts(), sys_inputs={"svg": drawing, "title": title}
        )
        try:
            made = compiler.compile(format="pdf")
        except typst.TypstError as error:
            raise PictureError(f"This picture cannot be made into a PDF: {error.message}") from error
    if not isinstance(made, bytes):
        raise PictureError("This picture cannot be made into a PDF: it has more than one page")
    return made


def from_png(png: bytes, *, title: str) -> bytes:
    """A page of pixels, 300 to the inch.

    Raises:
        PictureError: If these bytes are no PNG, or one too large.
    """
    made = io.BytesIO()
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise PictureError("expected a picture of at most 80 million pixels, found a larger one")
            image.convert("RGB").save(made, "PDF", resolution=_DPI, title=title, producer="Second Site", quality=95)
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise PictureError("expected a PNG, found other bytes") from error
    return made.getvalue()


@functools.cache
def _fonts() -> "typst.Fonts":
    import typst

    folders = sorted({str(file.parent) for file in font_files()})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
