"""The selection that the page of saliency is about, and the names of its sites."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.results.comparison import Comparison
from dashboard.results.saliency_test import SaliencyTest
from dashboard.results.side import Side

_TRAINED_ON: dict[Side, str] = {
    Side.INTERNAL: ":gray-badge[○ training images]",
    Side.EXTERNAL: ":gray-badge[○ external training images]",
}


@dataclass(frozen=True, kw_only=True)
class SaliencySelection:
    """A class, on the images of each site, by one method.

    Attributes:
        comparison: What is shown.
        tests: The images of each site that the model has answers for.
        finding: The class.
        method: How the saliency was made.
    """

    comparison: Comparison
    tests: Mapping[Side, SaliencyTest]
    finding: str
    method: str

    @property
    def called(self) -> dict[Side, str]:
        """What the images of each site are, in words."""
        return {side: "training images" if test.role == "train" else side.test for side, test in self.tests.items()}

    def badge(self, side: Side) -> str:
        """A site in its colour; gray where the images are those that the model was trained on."""
        return _TRAINED_ON[side] if self.tests[side].role == "train" else side.badge()
