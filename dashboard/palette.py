"""The colours: one meaning each, told a second way (shape, dash, word) wherever they are used."""

from dataclasses import dataclass

import streamlit as st

READABLE = 4.5
"""The least contrast of a text of any size: Web Content Accessibility Guidelines 2.2."""


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one theme, as ``#RRGGBB``.

    Attributes:
        internal: The internal test: filled circles.
        external: The external test: diamonds.
        training: Images that the model was trained on: open circles.
        baseline: What takes no skill to reach: dashed lines.
        text: Words and numbers.
        soft: Words of second rank.
        ground: The page; equal to ``backgroundColor`` in .streamlit/config.toml.
        band: The region that a no-skill answer reaches.
        rule: Thin lines that join two markers.
        right: An answer that is right: with a check mark.
        wrong: An answer that is wrong: with a cross.
        grid: The lines of an axis.
    """

    internal: str
    external: str
    training: str
    baseline: str
    text: str
    soft: str
    ground: str
    band: str
    rule: str
    right: str
    wrong: str
    grid: str


LIGHT = Palette(
    internal="#0072B2",
    external="#BA4A00",
    training="#6D6D6D",
    baseline="#5F6368",
    text="#1F1E1C",
    soft="#6B665C",
    ground="#FFFFFF",
    band="#F1F0EE",
    rule="#C9C5BD",
    right="#007A59",
    wrong="#B0487F",
    grid="#E9E7E3",
)

DARK = Palette(
    internal="#56B4E9",
    external="#F0903C",
    training="#9AA0A6",
    baseline="#BDC1C6",
    text="#EDEBE8",
    soft="#B8B3A8",
    ground="#121110",
    band="#22211E",
    rule="#5A564F",
    right="#3CC79B",
    wrong="#E08BB8",
    grid="#2E2C29",
)


def current() -> Palette:
    """The colours of the theme that the browser shows now."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def mix(ground: str, hue: str, share: float) -> str:
    """A colour between two.

    Args:
        ground: ``#RRGGBB``, where `share` is 0.
        hue: ``#RRGGBB``, where `share` is 1.
        share: In [0, 1].
    """
    parts = zip(_channels(ground), _channels(hue), strict=True)
    return "#" + "".join(f"{round(low + (high - low) * share):02X}" for low, high in parts)


def ink(background: str) -> str:
    """The text colour of a theme that can be read on a background ``#RRGGBB``; black or white where neither can.

    Returns:
        A colour with a contrast of at least `READABLE`; of black and white one has it on any ground.
    """
    softer = max((LIGHT.text, DARK.text), key=lambda colour: contrast(colour, background))
    if contrast(softer, background) >= READABLE:
        return softer
    return max(("#000000", "#FFFFFF"), key=lambda colour: contrast(colour, background))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours ``#RRGGBB``, in [1, 21].

    Source:
        Web Content Accessibility Guidelines 2.2, contrast ratio.
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in (c / 255 for c in _channels(colour))]
    return sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue
