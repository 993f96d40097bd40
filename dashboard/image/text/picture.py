"""The image itself, in words."""

from dashboard import words
from dashboard.image.text.answer import role_of
from dashboard.results.maps import DEFAULT_METHOD
from dashboard.results.pictures import Picture
from dashboard.text import saliency_methods

SALIENCY_METHOD = f"saliency: {saliency_methods.method(DEFAULT_METHOD)} where no other method is named"
"""What a picture that left the page says of the method, which its own words leave out for the usual one."""


def caption(picture: Picture, *, site: str, role: str | None) -> str:
    """``CheXpert train · external test · frontal AP · woman · 67 years``, plain text."""
    parts = [site, role_of(role), *who(picture)]
    return " · ".join(parts)


def who(picture: Picture) -> list[str]:
    """What is recorded of view, sex and age."""
    return [
        *([words.view(picture.view)] if picture.view else []),
        *([words.sex(picture.sex)] if picture.sex else []),
        *([words.age(picture.age_years)] if picture.age_years is not None else []),
    ]


def described(picture: Picture, *, site: str) -> str:
    """The image for those who do not see it, plain text."""
    return f"Chest X-ray, {', '.join([site, *who(picture)])}"


def layer(model: str, method: str) -> str:
    """What saliency is of, and by which method unless it is the usual one."""
    return model if method == DEFAULT_METHOD else f"{model}, {saliency_methods.method(method)}"


def id_note(whose: str, *, run: str, reader: str) -> str:
    """What to do with an id, plain text; of a private table, how its own name is found.

    Args:
        whose: ``image``, ``study`` or ``patient``.
        run: Its name.
        reader: The kind of dataset.
    """
    if reader != "table":
        return f"Copies the {whose}'s id, as the dataset has it. Cases finds it."
    lookup = words.command(f"lookup {words.one_line(run)} ID")
    return f"Copies the {whose}'s id, a pseudonym: `{lookup}` gives the site's own name, on the machine that keeps it."
