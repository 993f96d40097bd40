"""The heading of a site: its name, its test and its images."""

from dashboard.notation import counted
from dashboard.results.comparison import TestSet
from dashboard.text.badges import TRAINING
from dashboard.words import plain


def site(test: TestSet, *, is_test: bool, images: int | None = None) -> str:
    """A badge in the site's colour and the dataset's name.

    Args:
        test: The test at that site.
        is_test: False where the model has no test there and all its images are shown instead.
        images: How many are shown; None does not say.
    """
    count = "" if images is None else f": {counted(images, test.noun)}"
    name = f"{plain(test.site)}{count}"
    if not is_test:
        return f"{TRAINING} {name}"
    return f"{test.side.badge()} {name}"
