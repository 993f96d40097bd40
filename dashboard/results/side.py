"""The two sides of a comparison, and how each is named and drawn wherever it appears."""

from enum import StrEnum
from typing import Literal

from dashboard.palette import Palette

Role = Literal["internal_test", "external_test"]
"""The two tests that pages compare, as predictions and metrics are stored."""


class Side(StrEnum):
    """Which of the two tests, as the address says it."""

    INTERNAL = "internal"
    EXTERNAL = "external"

    @property
    def role(self) -> Role:
        """The role of its predictions."""
        return "internal_test" if self is Side.INTERNAL else "external_test"

    @property
    def test(self) -> str:
        """``internal test``."""
        return f"{self} test"

    @property
    def where(self) -> str:
        """``internally``: how something turns out in that test."""
        return f"{self}ly"

    @property
    def missing(self) -> str:
        """``There is no external test``: how a sentence begins where a run or a model has none."""
        return f"There is no {self.test}"

    @property
    def mark(self) -> str:
        """Its mark in a text."""
        return "●" if self is Side.INTERNAL else "◆"

    @property
    def symbol(self) -> str:
        """That mark in a picture, as Plotly calls it."""
        return "circle" if self is Side.INTERNAL else "diamond"

    def color(self, palette: Palette) -> str:
        """Its colour, ``#RRGGBB``."""
        return palette.internal if self is Side.INTERNAL else palette.external

    def badge(self, text: str | None = None) -> str:
        """A text in its colour behind its mark, in Markdown; its test without one."""
        return f":{'blue' if self is Side.INTERNAL else 'orange'}-badge[{self.mark} {text or self.test}]"
