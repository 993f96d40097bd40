"""The images of one cell, as tiles that lead to their pages."""

from collections.abc import Mapping, Sequence

from dashboard import image_grid, state
from dashboard.components.picture_menu import with_menu
from dashboard.results.comparison import Comparison
from dashboard.text.provenance import Provenance

SHOWN = 10
"""As many of a cell's images."""


def show_images(
    comparison: Comparison, tiles: Sequence[image_grid.Tile], *, source: Provenance, wanted: Mapping[str, str | None]
) -> None:
    """Draws the tiles, and the menu by which they leave.

    Args:
        comparison: What is compared.
        tiles: Of the images.
        source: What is written below them where they leave the page.
        wanted: The list that they are the first of, as it stands in the address.
    """
    with with_menu(image_grid.sheet(comparison, [("", tiles)], columns=5), key="cell_images", source=source):
        image_grid.show(
            comparison,
            tiles,
            key="cell_images",
            columns=SHOWN,
            saliency="hover",
            link={"from": "confusion", **wanted, "show": state.asked("show")},
        )
