"""Which site, which test."""

from dashboard import words
from dashboard.notation import counted
from dashboard.results.comparison import TestSet
from dashboard.words import plain


def site(test: TestSet, *, is_test: bool, images: int | None = None) -> str:
    """A badge in the site's colour and the dataset's name.

    Args:
        test: The test at that site.
        is_test: False where the model has no test there and all its images are shown instead.
        images: How many are shown; None does not say.
    """
    count = "" if images is None else f": {counted(images, 'image')}"
    name = f"{plain(words.dataset(test.dataset))}{count}"
    if not is_test:
        return f":gray-badge[○ training images, no test] {name}"
    if test.role == "internal_test":
        return f":blue-badge[● internal test] {name}"
    return f":orange-badge[◆ external test] {name}"


def where(test: TestSet) -> str:
    """``at home`` or ``abroad``."""
    return "at home" if test.role == "internal_test" else "abroad"
