"""SVG that came back from a browser, looked at before anything on this machine draws it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers.expat import ExpatError, ParserCreate

from cxr_core.errors import CxrError

MOST_BYTES = 8 * 1024 * 1024
"""More than any picture of the pages; one of a stranger may have no end."""

MOST_PX = 8000

_IMAGE = re.compile(r"\s*data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]*", re.ASCII)
_WITHIN = re.compile(r"\s*#[^\s]*\s*")
_ADDRESS = re.compile(r"url\s*\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)
_STEPS_OUT = re.compile(r"@import|\\|expression\s*\(", re.IGNORECASE)
_NEVER = frozenset({"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "link", "set"})
_ANIMATED = "animate"


class UnsafeSvgError(CxrError):
    """An SVG that could reach beyond itself, or that is none."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a drawing is, px."""

    width: float
    height: float


def checked(svg: str) -> Size:
    """Makes sure that a drawing is all in itself: nothing in it names a file, an address or a script.

    Args:
        svg: The text of the file.

    Returns:
        Its size.

    Raises:
        UnsafeSvgError: If it is no SVG, too large, or names anything but its own parts and pixels within it.
    """
    if len(svg.encode("utf-8")) > MOST_BYTES:
        raise UnsafeSvgError(f"expected a drawing of at most {MOST_BYTES // 1024**2} MB, found a larger one")
    parser = ParserCreate()
    inspector = _Inspector()
    parser.StartDoctypeDeclHandler = inspector.doctype
    parser.StartElementHandler = inspector.element
    parser.CharacterDataHandler = inspector.text
    parser.ProcessingInstructionHandler = inspector.instruction
    parser.buffer_text = True
    try:
        parser.Parse(svg, True)  # noqa: FBT003 (positional in the library)
    except ExpatError as error:
        raise UnsafeSvgError(f"expected an SVG, found text that is not well-formed XML: {error}") from error
    return inspector.size


class _Inspector:
    def __init__(self) -> None:
        self.size = Size(width=0, height=0)
        self._depth_seen = 0
        self._styles = False

    def doctype(self, *_: object) -> None:
        raise UnsafeSvgError("expected a drawing without a document type, found one: it may name files and entities")

    def instruction(self, *_: object) -> None:
        raise UnsafeSvgError("expected a drawing without processing instructions, found one")

    def element(self, name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        if not self._depth_seen:
            self._begin(local, attributes)
        self._depth_seen += 1
        if local in _NEVER or local.startswith(_ANIMATED):
            raise UnsafeSvgError(f"expected shapes and words, found an element <{local}>")
        self._styles = local == "style"
        for key, value in attributes.items():
            _look_at(key.rpartition(":")[2].lower(), value)

    def text(self, content: str) -> None:
        if self._styles:
            _look_at_style(content)

    def _begin(self, local: str, attributes: Mapping[str, str]) -> None:
        if local != "svg":
            raise UnsafeSvgError(f"expected an SVG, found <{local}>")
        width, height = (_px(attributes.get(name, "")) for name in ("width", "height"))
        self.size = Size(width=width, height=height)


def _px(text: str) -> float:
    found = re.fullmatch(r"(\d{1,5}(?:\.\d{1,9})?)(?:px)?", text)
    if found is None or not 1 <= float(found[1]) <= MOST_PX:
        raise UnsafeSvgError(f"expected a width and a height of 1 to {MOST_PX} px, found another size")
    return float(found[1])


def _look_at(name: str, value: str) -> None:
    if name.startswith("on"):
        raise UnsafeSvgError("expected no attribute that runs a script, found one")
    if name in {"href", "src", "base"} and not (_WITHIN.fullmatch(value) or _IMAGE.fullmatch(value)):
        raise UnsafeSvgError("expected links to parts of the drawing, found one that leads out of it")
    if name == "style" or "url" in value.lower():
        _look_at_style(value)


def _look_at_style(style: str) -> None:
    if _STEPS_OUT.search(style):
        raise UnsafeSvgError("expected plain styles, found one that can lead out of the drawing")
    without = _ADDRESS.sub(lambda found: "" if _WITHIN.fullmatch(found[2]) else found[0], style)
    if re.search(r"url\s*\(", without, re.IGNORECASE):
        raise UnsafeSvgError("expected styles of the drawing's own parts, found one that leads out of it")
