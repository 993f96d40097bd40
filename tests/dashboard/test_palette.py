"""Colours: contrast, and what lies between two."""

import pytest

from dashboard.palette import DARK, LIGHT, Palette, contrast, ink, mix


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#FFFFFF", "#777777") == contrast("#777777", "#FFFFFF")


def test_ends_and_middle_of_a_mixture() -> None:
    assert mix("#000000", "#FFFFFF", 0) == "#000000"
    assert mix("#000000", "#FF8000", 1) == "#FF8000"
    assert mix("#000000", "#FF8000", 0.5) == "#804000"


@pytest.mark.parametrize(
    ("ground", "expected"), [("#FFFFFF", LIGHT.text), ("#121110", DARK.text), ("#0072B2", DARK.text)]
)
def test_ink_can_be_read(ground: str, expected: str) -> None:
    assert ink(ground) == expected
    assert contrast(ink(ground), ground) >= 4.2


@pytest.mark.parametrize(("palette", "least"), [(LIGHT, 4.2), (DARK, 7.0)], ids=["light", "dark"])
def test_every_meaning_can_be_read_on_its_ground(palette: Palette, least: float) -> None:
    for colour in (
        palette.internal,
        palette.external,
        palette.training,
        palette.right,
        palette.wrong,
        palette.baseline,
    ):
        assert contrast(colour, palette.ground) >= least
