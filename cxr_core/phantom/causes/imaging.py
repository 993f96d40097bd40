"""Causes that lie in the machine and in the file.

Where nothing else is said a number is a share or a chance in [0, 1], and the defaults are those of the source site.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """Dose and display.

    Attributes:
        dose: X-ray quanta, 1 at the source; noise goes with 1 / sqrt(dose).
        contrast: Of the display; 1 fills the window.
        brightness: Added to the display, in shares of full white; may be negative.
        gamma: Exponent of the display; 1 is linear.
    """

    dose: float = 1.0
    contrast: float = 1.0
    brightness: float = 0.0
    gamma: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Scatter:
    """Radiation that comes from the side.

    Attributes:
        ratio: Scattered over primary radiation, averaged over the image; may be above 1.
    """

    ratio: float = 0.35


@dataclass(frozen=True, kw_only=True)
class Sharpness:
    """Tube, detector and the maker's processing.

    Attributes:
        blur_cm: Standard deviation of focal spot and detector together.
        edges: Weight of the unsharp mask.
    """

    blur_cm: float = 0.06
    edges: float = 0.6


@dataclass(frozen=True, kw_only=True)
class Compression:
    """What is lost on the way into the file.

    Attributes:
        bits: Of gray that are kept, 2-16.
        jpeg_quality: 1-100; None: nothing is lost.
    """

    bits: int = 12
    jpeg_quality: int | None = None


@dataclass(frozen=True, kw_only=True)
class Marker:
    """A word burned into the corner: a shortcut where it goes with a class.

    Attributes:
        anyway: Share of images with the word, whatever is on them.
        with_cardiomegaly: Chance of it in an image with Cardiomegaly, beyond that.
    """

    anyway: float = 0.04
    with_cardiomegaly: float = 0.25
