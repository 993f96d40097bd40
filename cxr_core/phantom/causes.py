"""By what two synthetic hospitals can differ: each cause is a field of `Site`, each of its parts adjustable.

Where nothing else is said a number is a share or a chance in [0, 1], and the defaults are those of the home site.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from cxr_core.errors import SettingsError

Mix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Prevalence:
    """What the patients have.

    Attributes:
        mix: How many have each class as their main finding, in class order; parts of their sum.
        second: Chance that a diseased patient has another finding too; a third of it for a third one.
    """

    mix: Mix = (0.190, 0.150, 0.170, 0.170, 0.155, 0.165)
    second: float = 0.10


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
        fat_cm: Soft tissue around the trunk beyond that of the home site's patients, on average.
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


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """Dose and display.

    Attributes:
        dose: X-ray quanta, 1 at home; noise goes with 1 / sqrt(dose).
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
class Labels:
    """Errors and habits that all readers of a site share.

    Attributes:
        misnamed: Chance that a finding goes by another's name, or that something is read into a healthy image.
        missed: Chance that a finding is left out.
        umbrella: Chance that a consolidation or a nodule is called Lung Opacity as well.
    """

    misnamed: float = 0.01
    missed: float = 0.01
    umbrella: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Readers:
    """How far single readers stray from what the site reads together.

    Attributes:
        disagreement: How often they miss, misname or add a finding, relative to the home site; may be above 1.
    """

    disagreement: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Uncertain:
    """Hedging in reports; VinBigData's layout has no word for it.

    Attributes:
        share: Chance that a finding on which the readers are split is reported as uncertain.
    """

    share: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Blank:
    """Silence in reports; VinBigData's layout has no word for it.

    Attributes:
        share: Chance that a finding that is not seen is left unmentioned instead of denied.
    """

    share: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Marker:
    """A word burned into the corner: a shortcut where it goes with a class.

    Attributes:
        anyway: Share of images with the word, whatever is on them.
        with_cardiomegaly: Chance of it in an image with Cardiomegaly, beyond that.
    """

    anyway: float = 0.04
    with_cardiomegaly: float = 0.25


@dataclass(frozen=True, kw_only=True)
class Site:
    """A synthetic hospital: a field for each cause by which two of them can differ."""

    prevalence: Prevalence = Prevalence()
    view: View = View()
    patients: Patients = Patients()
    devices: Devices = Devices()
    exposure: Exposure = Exposure()
    scatter: Scatter = Scatter()
    sharpness: Sharpness = Sharpness()
    compression: Compression = Compression()
    labels: Labels = Labels()
    readers: Readers = Readers()
    uncertain: Uncertain = Uncertain()
    blank: Blank = Blank()
    marker: Marker = Marker()


CAUSES = tuple(cause.name for cause in fields(Site))
"""The names of the causes, as typed on the command line."""

HOME = Site()
ABROAD = Site(
    prevalence=Prevalence(mix=(0.21, 0.11, 0.07, 0.29, 0.23, 0.09), second=0.25),
    view=View(ap=0.80),
    patients=Patients(age_years=62.0, women=0.42, fat_cm=0.9, further_images=0.6),
    devices=Devices(in_health=0.16, in_disease=0.30),
    exposure=Exposure(dose=0.5, contrast=0.88, brightness=-0.02, gamma=0.95),
    scatter=Scatter(ratio=0.6),
    sharpness=Sharpness(blur_cm=0.10, edges=0.2),
    compression=Compression(bits=8, jpeg_quality=70),
    labels=Labels(misnamed=0.04, missed=0.05, umbrella=0.20),
    readers=Readers(disagreement=1.5),
    uncertain=Uncertain(share=0.5),
    blank=Blank(share=0.85),
    marker=Marker(anyway=0.5, with_cardiomegaly=0.0),
)


def sites(causes: Sequence[str] = CAUSES, *, home: Site = HOME, abroad: Site = ABROAD) -> tuple[Site, Site]:
    """A home site, and one abroad that differs from it by the named causes alone.

    Args:
        causes: Names out of `CAUSES`; none: the two sites are equal.
        home: The first site.
        abroad: Where the named causes are taken from.

    Raises:
        SettingsError: If there is no cause of such a name.
    """
    unknown = [cause for cause in causes if cause not in CAUSES]
    if unknown:
        raise SettingsError(f"There is no cause {unknown[0]!r} by which sites differ. There are: {', '.join(CAUSES)}.")
    return home, replace(home, **{cause: getattr(abroad, cause) for cause in causes})
