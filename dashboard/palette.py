"""The colours: one meaning each, told a second way (shape, dash, word) wherever they are used."""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one theme, as ``#RRGGBB``.

    Attributes:
        source: The site trained on, at home: filled circles.
        external: The site abroad: diamonds.
        training: Images that the model was trained on: open circles.
        no_skill: What takes no skill to reach: dashed lines.
        text: Words and numbers.
        soft: Words of second rank.
        ground: The page; equal to ``backgroundColor`` in .streamlit/config.toml.
        band: The region that a no-skill answer reaches.
        rule: Thin lines that join two markers.
    """

    source: str
    external: str
    training: str
    no_skill: str
    text: str
    soft: str
    ground: str
    band: str
    rule: str


LIGHT = Palette(
    source="#0072B2",
    external="#C44E00",
    training="#7A7A7A",
    no_skill="#5F6368",
    text="#1F1E1C",
    soft="#6B665C",
    ground="#FFFFFF",
    band="#F1F0EE",
    rule="#C9C5BD",
)

DARK = Palette(
    source="#56B4E9",
    external="#F0903C",
    training="#9AA0A6",
    no_skill="#BDC1C6",
    text="#EDEBE8",
    soft="#B8B3A8",
    ground="#121110",
    band="#22211E",
    rule="#5A564F",
)


def current() -> Palette:
    """The colours of the theme that the browser shows now."""
    return DARK if st.context.theme.type == "dark" else LIGHT
