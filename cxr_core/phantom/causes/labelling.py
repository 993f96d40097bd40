"""Causes that lie in how images are labelled.

Where nothing else is said a number is a share or a chance in [0, 1], and the defaults are those of the source site.
"""

from dataclasses import dataclass


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
        disagreement: How often they miss, misname or add a finding, relative to the source site; may be above 1.
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
