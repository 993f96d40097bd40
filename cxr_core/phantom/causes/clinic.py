"""Causes that lie in who comes, with what, and how they are imaged.

Where nothing else is said a number is a share or a chance in [0, 1], and the defaults are those of the source site.
"""

from dataclasses import dataclass

Mix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Prevalence:
    """What the patients have.

    Attributes:
        mix: How many have each class as their main finding, in class order; parts of their sum.
        second: Chance that a diseased patient has another finding too; a third of it for a third one.
    """

    mix: Mix = (0.135, 0.172, 0.173, 0.178, 0.170, 0.172)
    second: float = 0.08


@dataclass(frozen=True, kw_only=True)
class View:
    """How the patient stands before the detector.

    Attributes:
        ap: Share of images taken AP, in bed: the heart larger, the diaphragm higher, the scapulae over the lungs.
    """

    ap: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Patients:
    """Who comes.

    Attributes:
        age_years: Mean age; the standard deviation is 16 years.
        women: Share of women.
        fat_cm: Soft tissue around the trunk beyond that of the source site's patients, on average.
        further_images: Mean number of images of a patient after the first; VinBigData's layout cannot tell.
    """

    age_years: float = 52.0
    women: float = 0.48
    fat_cm: float = 0.0
    further_images: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Devices:
    """Lines, tubes, electrodes, pacemakers, ports and sternal wires.

    Attributes:
        in_health: Chance of the most frequent kind of device in a patient without a finding; the others are rarer.
        in_disease: The same in a patient with one.
    """

    in_health: float = 0.04
    in_disease: float = 0.06
