"""The sites that the page compares."""

from collections.abc import Mapping

from dashboard import words
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.site_images import site_images
from dashboard.text import provenance
from dashboard.text.provenance import Provenance

UNDER = {"chosen": "under the chosen policies", "all": "under each policy"}
"""Which label policies a part of the page is about."""


def tests(comparison: Comparison) -> tuple[TestSet, ...]:
    """The internal test, and the external one if the run has an external dataset."""
    return tuple(comparison.tests.values())


def is_test(comparison: Comparison, test: TestSet) -> bool:
    """Whether the images shown are a test; false for internal ones that the model was all trained on."""
    return site_images(comparison.run, test).kind == "test"


def source(comparison: Comparison, images: Mapping[TestSet, int], *, name: str, title: str) -> Provenance:
    """What a picture of the labels of some images is of; no model's answers are in it.

    Args:
        comparison: What is shown.
        images: How many images of each site it rests on.
        name: What it shows, for the name of its file.
        title: What it shows, plain text.
    """

    def parts() -> list[str]:
        return [
            f"{test.side.mark} {words.role(test.role) if is_test(comparison, test) else 'images of the source site'}: "
            f"{provenance.site_and_policy(test)}, {provenance.images(count)}"
            for test, count in images.items()
        ]

    return Provenance(run=comparison.run.name, name=f"labels_{name}", title=title, parts=parts)
