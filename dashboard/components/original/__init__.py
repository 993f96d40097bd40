"""An original image with a window to look through; centre and width are chosen in the browser."""

import base64

from dashboard.components.load import load

_HTML = """
<div class="original">
  <div class="controls"></div>
  <div class="ground zoomable" tabindex="0" role="group" aria-label="Original: plus and minus zoom, arrow keys move">
    <div class="picture"><canvas role="img"></canvas></div>
  </div>
  <div class="hint"></div>
</div>
"""


def original(
    *,
    image: str,
    alt: str,
    width: int,
    height: int,
    bits: int,
    lowest: int,
    highest: int,
    is_falling: bool,
    samples: bytes,
    table: bytes,
) -> None:
    """Draws the image through the file's own window first.

    Args:
        image: Names the image: another one is shown through its own window again.
        alt: What it shows.
        width: Of the samples, px.
        height: Of the samples, px.
        bits: 8 or 16 for each sample.
        lowest: The least sample of the file.
        highest: The greatest.
        is_falling: Whether the least sample is white.
        samples: In rows from the upper left corner; of 16 bits the low byte first.
        table: The gray of each sample through the file's own window; empty: a sample is its gray.
    """
    load(__name__, html=_HTML, shared=("element", "overlay", "zoom", "taken"))(
        key="original",
        data={
            "image": image,
            "alt": alt,
            "width": width,
            "height": height,
            "bits": bits,
            "lowest": lowest,
            "highest": highest,
            "falling": is_falling,
            "samples": base64.b64encode(samples).decode("ascii"),
            "table": base64.b64encode(table).decode("ascii"),
        },
    )
