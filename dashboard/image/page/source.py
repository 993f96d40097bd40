"""What is written below the pictures of an image that leave the page."""

from collections.abc import Sequence

from dashboard import words
from dashboard.image.subject import ImageContext
from dashboard.image.text.answer import role_of
from dashboard.text.provenance import Provenance


def of_image(context: ImageContext, *, name: str, title: str, more: Sequence[str] = ()) -> Provenance:
    """A picture of one image, or of others beside it.

    Args:
        context: The image.
        name: What the picture shows, for the name of its file.
        title: What it shows, plain text.
        more: What else must be known of it.
    """
    comparison, (_, image) = context.comparison, context.key

    def parts() -> list[str]:
        standard = [f"label policy: {words.policy(context.truth.policy)}"] if context.truth is not None else []
        shown = f"{role_of(context.role)}: {context.site}"
        return [comparison.model_name, shown, f"{context.noun} {image}", *standard, *more]

    return Provenance(run=comparison.run.name, name=f"image_{image}_{name}", title=title, parts=parts)
