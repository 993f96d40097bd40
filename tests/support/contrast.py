"""The contrast of every text on a page over the ground that the browser really painted below it."""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Page

ENOUGH = 4.5
"""Web Content Accessibility Guidelines 2.2, contrast (minimum), for text of any size."""

_MOST_BELOW = 0.2
"""A line or the edge of a mark may cross this share of a text's place."""

_TALL_PX = 4000

_TEXTS = """
() => {
  const found = []
  const seen = (style) => style.visibility === "visible" && style.display !== "none"
  const walk = (node, opacity) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const parent = node.parentElement ?? node.getRootNode().host
      const text = node.textContent.trim()
      const style = getComputedStyle(parent)
      const isIcon = style.fontFamily.includes("Material Symbols")
      if (!text || isIcon || !seen(style) || parent.closest("[disabled], [aria-disabled=true], script, style")) return
      const range = document.createRange()
      range.selectNodeContents(node)
      const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1)
      const isDrawn = parent instanceof SVGElement
      for (const { x, y, width, height } of boxes) {
        found.push({ text, color: isDrawn ? style.fill : style.color, opacity, box: [x, y, width, height] })
      }
      return
    }
    if (node.nodeType === Node.ELEMENT_NODE) {
      const style = getComputedStyle(node)
      const isCutAway = style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)"
      if (style.display === "none" || isCutAway || ["SCRIPT", "STYLE"].includes(node.tagName)) return
      opacity *= Number(style.opacity)
    }
    if (opacity < 0.05) return
    for (const child of (node.shadowRoot ?? node).childNodes) walk(child, opacity)
  }
  walk(document.querySelector("[data-testid=stMain]"), 1)
  return found
}
"""

_HIDE = """
() => {
  const hide = (root) => {
    const style = document.createElement("style")
    style.dataset.contrast = ""
    style.textContent = `* { color: transparent !important; -webkit-text-fill-color: transparent !important;
      text-shadow: none !important; caret-color: transparent !important; transition: none !important }
      text, tspan { fill: transparent !important; stroke: none !important }`
    ;(root.head ?? root).append(style)
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) hide(element.shadowRoot)
  }
  hide(document)
}
"""

_SHOW = """
() => {
  const show = (root) => {
    root.querySelectorAll("style[data-contrast]").forEach((style) => style.remove())
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) show(element.shadowRoot)
  }
  show(document)
}
"""

Pixels = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A text that stands out too little.

    Attributes:
        text: What it says.
        color: As the browser computed it.
        contrast: Over the ground of which a fifth of its place is worse.
    """

    text: str
    color: str
    contrast: float


def unread(page: Page) -> list[Unread]:
    """The texts of the whole page, those in pictures too, whose contrast is below 4.5.

    What the browser paints is looked at once more with all letters transparent; that is the ground of each text.
    """
    before = page.viewport_size
    assert before is not None
    tall = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": before["width"], "height": min(_TALL_PX, max(before["height"], tall))})
    texts = page.evaluate(_TEXTS)
    page.evaluate(_HIDE)
    painted = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    page.evaluate(_SHOW)
    page.set_viewport_size(before)
    ground = np.asarray(painted, np.float64) / 255
    return [
        Unread(text=each["text"], color=each["color"], contrast=measured)
        for each in texts
        if (measured := _measured(ground, each["box"], _rgba(each["color"]), each["opacity"])) < ENOUGH
    ]


def _measured(ground: Pixels, box: list[float], color: Pixels, opacity: float) -> float:
    x, y, width, height = (round(each) for each in box)
    below = ground[max(0, y) : y + height, max(0, x) : x + width].reshape(-1, 3)
    if not below.size:
        return np.inf
    alpha = color[3] * opacity
    ink = _luminance(alpha * color[:3] + (1 - alpha) * below)
    paper = _luminance(below)
    ratio = (np.maximum(ink, paper) + 0.05) / (np.minimum(ink, paper) + 0.05)
    return float(np.quantile(ratio, _MOST_BELOW))


def _luminance(colors: Pixels) -> Pixels:
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def _rgba(color: str) -> Pixels:
    """``rgb(1, 2, 3)``, ``rgba(1, 2, 3, 0.5)`` or ``color(srgb 0.1 0.2 0.3 / 0.5)`` with all parts in [0, 1]."""
    kind, _, inside = color[:-1].partition("(")
    red, green, blue, *alpha = map(float, inside.removeprefix("srgb").replace(",", " ").replace("/", " ").split())
    whole = 1 if kind == "color" else 255
    return np.array([red / whole, green / whole, blue / whole, *(alpha or [1.0])])
