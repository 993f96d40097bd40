"""Badges in Markdown for circles, diamonds and colours."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.results.holdings import Holdings, RoleBasis
from dashboard.results.side import Side


@dataclass(frozen=True)
class Badge:
    """A badge, and what it means.

    Attributes:
        text: Markdown.
        meaning: Plain text, for the pointer.
    """

    text: str
    meaning: str


ROLE_BASES: Mapping[RoleBasis, Badge] = {
    "not_known": Badge(
        ":orange-badge[:material/help: training data not known]",
        "Nobody said which images this model was trained on: some of those that it is tested on may be among them.",
    ),
    "declared": Badge(
        ":gray-badge[:material/assignment: held out by declaration]",
        "That the model was not trained on these images was declared; the run did not split them itself.",
    ),
}
"""What the roles of images rest on, where it is not the run's own split."""

NO_FILES = Badge(
    ":gray-badge[:material/hide_image: no image files]",
    "The run has labels and predictions alone: nothing here needs pixels, and no image or map can be shown.",
)

LOCAL = Badge(":gray-badge[▲ local]", "fitted to this site's patients: no external test")
"""Beside what external patients were used for."""

SYNTHETIC = ":violet-badge[:material/science: synthetic images]"
"""Beside a run of images that a computer drew."""

TRAINING = ":gray-badge[○ training images, no test]"

LEGEND = " ".join((*(side.badge() for side in Side), TRAINING))
"""Beside a picture of both tests and of training images."""


def legend(held: Holdings) -> str:
    """Beside a picture of the tests that there are; where it is known what was trained on, of training images too."""
    return " ".join(side.badge() for side in Side if side in held.tests) if held.is_brought else LEGEND
