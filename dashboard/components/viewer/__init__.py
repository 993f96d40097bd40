"""One image: as the network saw it, and with saliency and readers' boxes over it, all chosen in the browser."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.components.load import load
from dashboard.results.maps import Peak

_HTML = """
<div class="viewer">
  <figure>
    <div class="ground zoomable" tabindex="-1"><div class="picture plain"></div></div><figcaption></figcaption>
  </figure>
  <figure>
    <div class="ground zoomable" tabindex="0" role="group" aria-label="Pictures: plus and minus zoom, arrow keys move">
      <div class="picture over"></div>
    </div>
    <figcaption aria-live="polite"></figcaption>
  </figure>
  <div class="controls">
    <div class="choices"><div class="classes" role="radiogroup" aria-label="Saliency of which class"></div>
      <div class="marks"></div></div>
    <div class="settings"></div>
  </div>
</div>
"""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """The saliency maps of one model by one method, one a class.

    Attributes:
        name: Such as ``ensemble``, plain text.
        values: k x ``height`` x ``width`` bytes, each map scaled to its own maximum.
        height: Rows of a map.
        width: Columns of a map.
        strengths: What the maximum of each map is worth beside the strongest, in [0, 1].
        peaks: Where each map is strongest; None of one that is nowhere positive.
    """

    name: str
    values: bytes
    height: int
    width: int
    strengths: tuple[float, ...]
    peaks: tuple[Peak | None, ...]


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A reader's box.

    Attributes:
        finding: What was seen, plain text.
        reader: Who saw it, plain text.
        kind: ``class``: one of the classes; ``other``: another finding, shown on demand.
        corners: x0, y0, x1, y1 in fractions of the image.
    """

    finding: str
    reader: str
    kind: Literal["class", "other"]
    corners: tuple[float, float, float, float]


def viewer(
    *,
    image: str,
    src: str | None,
    aspect: float,
    alt: str,
    caption: str,
    findings: Sequence[str],
    roles: Mapping[int, str],
    first: int,
    layers: Sequence[Layer],
    boxes: Sequence[Marked],
    no_boxes: str,
    absent: str = "image not on this machine",
) -> None:
    """Draws the image twice: plain, and under what is chosen below it. Nothing that is chosen runs the script.

    Args:
        image: Names the image: another one is shown with its own first class, and the rest stays as chosen.
        src: Its pixels as a data URI, stretched to a square; None shows black and says that they are not at hand.
        aspect: Width by height of the original.
        alt: What it shows.
        caption: Below it, plain text.
        findings: The classes.
        roles: What a class is for this image, such as ``predicted``.
        first: The class whose saliency is shown first.
        layers: What saliency can be chosen, the first shown first; none: there is no saliency.
        boxes: The readers' boxes, the largest first.
        no_boxes: Said where there are none.
        absent: Said where there are no pixels.
    """
    load(__name__, html=_HTML, shared=("element", "contour", "overlay", "zoom", "taken"))(
        key="viewer",
        data={
            "image": image,
            "src": src,
            "aspect": aspect,
            "alt": alt,
            "caption": caption,
            "findings": list(findings),
            "roles": [roles.get(index, "") for index in range(len(findings))],
            "first": first,
            "layers": [_layer(layer) for layer in layers],
            "boxes": [_box(box) for box in boxes],
            "noBoxes": no_boxes,
            "absent": absent,
        },
    )


def _layer(layer: Layer) -> Mapping[str, object]:
    return {
        "name": layer.name,
        "values": base64.b64encode(layer.values).decode("ascii"),
        "height": layer.height,
        "width": layer.width,
        "strengths": list(layer.strengths),
        "peaks": [
            peak and {"at": [peak.x, peak.y], "spread": peak.spread, "diffuse": peak.is_diffuse} for peak in layer.peaks
        ],
    }


def _box(box: Marked) -> Mapping[str, object]:
    return {"finding": box.finding, "reader": box.reader, "kind": box.kind, "corners": list(box.corners)}
