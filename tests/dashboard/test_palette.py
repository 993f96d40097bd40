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


@pytest.mark.parametrize("hue", [LIGHT.internal, LIGHT.external, DARK.internal, DARK.external])
def test_ink_can_be_read_on_every_shade_of_a_site(hue: str) -> None:
    for share in range(101):
        for theme in (LIGHT, DARK):
            ground = mix(theme.ground, hue, share / 100)
            assert contrast(ink(ground), ground) >= 4.5


def test_ink_is_the_text_of_a_theme_where_that_can_be_read() -> None:
    assert (ink("#FFFFFF"), ink("#121110")) == (LIGHT.text, DARK.text)


@pytest.mark.parametrize(("palette", "least"), [(LIGHT, 4.5), (DARK, 7.0)], ids=["light", "dark"])
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
        assert contrast(colour, palette.band) >= 4.5
