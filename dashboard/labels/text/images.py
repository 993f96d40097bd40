"""Images drawn at random, in words."""

from collections.abc import Sequence

from dashboard import words
from dashboard.labels.data.distribution import Mix
from dashboard.results.pictures import Picture
from dashboard.results.side import Side
from dashboard.words import plain


def what_is_drawn(finding: str, *, mixes: Sequence[Mix], count: int) -> str:
    """How many images are shown, out of how many.

    Args:
        finding: The class.
        mixes: Of the internal and, if there is one, the external test.
        count: How many are drawn at most.
    """
    available = [row.images for mix in mixes for row in mix.classes if row.finding == finding]
    parts = [f"{min(count, images):,} of {images:,} {side}" for images, side in zip(available, Side, strict=False)]
    return f"**{plain(finding)}**: {' and '.join(parts)} images, drawn at random, not picked."


def none_of(finding: str) -> str:
    """A class without images at a site."""
    said = f"No image here has {plain(finding)} as its single class."
    return f"{said} Another class, or another label policy, may have some."


def view_of(picture: Picture | None) -> str:
    """The first words of a caption."""
    return "not recorded" if picture is None or picture.view is None else words.view(picture.view)


def person(picture: Picture | None) -> str:
    """The rest of a caption: ``woman, 67``; what is not recorded is left out."""
    if picture is None:
        return ""
    parts = [
        words.sex(picture.sex) if picture.sex is not None else "",
        f"{picture.age_years:.0f}" if picture.age_years is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def image_described(picture: Picture | None, *, finding: str) -> str:
    """What a tile shows, for those who do not see it."""
    known = ", ".join(part for part in (view_of(picture), person(picture)) if part)
    return f"Chest X-ray, {known}, reference standard: {finding}"
