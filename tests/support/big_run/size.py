"""How large a made-up run is."""

from dataclasses import dataclass

from cxr_core.findings import FINDINGS


@dataclass(frozen=True, kw_only=True)
class Size:
    """What is drawn.

    Attributes:
        name: The run's folder.
        classes: What the run tells apart.
        internal: Images of the source site with predictions; a fifth is held out.
        external: Images of the external test.
        internal_left_out: Images of the source site that the cap left out.
        external_left_out: Images of the external site that the sample or the view left out.
        members: Members of each of the two regimes.
        shown: Images of each site with maps, features and boxes; half of them those that the ensemble gets most
            confidently wrong. None: all images.
        features: Length of a feature vector.
        map_side: Height and width of a saliency map.
        epochs: Epochs of each member.
        is_described: Whether view, sex and age of images are recorded; without, there are no subgroups.
        without: A class that no image of either site has, though the networks answer it; None: all occur.
    """

    name: str
    classes: tuple[str, ...] = FINDINGS
    internal: int
    external: int
    internal_left_out: int = 0
    external_left_out: int = 0
    members: int = 3
    shown: int | None = None
    features: int = 512
    map_side: int = 7
    epochs: int = 15
    is_described: bool = True
    without: str | None = None

    @property
    def predictions(self) -> int:
        """Rows of `prediction`."""
        return 2 * (self.members + 1) * (self.internal + self.external)


PAPER = Size(name="paper-sized", internal=3_205, external=29_842, internal_left_out=11_795, external_left_out=193_572)
"""The paper's: 641 images in the internal test, 29,842 in the external; eight models, maps and features of all."""

TEN_MILLION = Size(
    name="ten-million",
    internal=100_000,
    external=400_000,
    external_left_out=60_000,
    members=9,
    shown=2_000,
    features=64,
)
"""Twenty models on half a million images."""

SIZES = {"paper": PAPER, "ten-million": TEN_MILLION}
