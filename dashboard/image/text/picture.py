"""The image itself, in words."""

from dashboard import words
from dashboard.image.text.answer import role_of
from dashboard.results.maps import DEFAULT_METHOD
from dashboard.results.pictures import Picture
from dashboard.text import saliency_methods


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
