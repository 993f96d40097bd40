"""What a positive and a negative answer are worth where another share of images has the finding."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PredictiveValues:
    """Of one finding at one threshold, both in [0, 1]; NaN where not defined.

    Attributes:
        positive: Of those flagged, the share that has it (PPV, precision).
        negative: Of those not flagged, the share that does not (NPV).
    """

    positive: float
    negative: float


def predictive_values(*, sensitivity: float, specificity: float, prevalence: float) -> PredictiveValues:
    """Predictive values at a prevalence, by Bayes' theorem.

    They hold if sensitivity and specificity do where the prevalence is another one.

    Args:
        sensitivity: In [0, 1]; NaN where it is undefined.
        specificity: In [0, 1]; NaN where it is undefined.
        prevalence: Share of the images with the finding, in [0, 1].

    Returns:
        NaN both where a number is, and each where no image would be flagged, or none not flagged.

    Raises:
        ValueError: If a number lies outside [0, 1].

    Source:
        Vecchio, N. Engl. J. Med. 274 (1966), 1171-1173; Altman and Bland, BMJ 309 (1994), 102.

    >>> predictive_values(sensitivity=0.9, specificity=0.5, prevalence=0.25)
    PredictiveValues(positive=0.375, negative=0.9375)
    """
    given = {"sensitivity": sensitivity, "specificity": specificity, "prevalence": prevalence}
    for name, share in given.items():
        if share < 0 or share > 1:
            raise ValueError(f"Expected a {name} in [0, 1], found {share}.")
    found, missed = prevalence * sensitivity, prevalence * (1 - sensitivity)
    cleared, alarms = (1 - prevalence) * specificity, (1 - prevalence) * (1 - specificity)
    return PredictiveValues(positive=_share(found, alarms), negative=_share(cleared, missed))


def _share(part: float, rest: float) -> float:
    whole = part + rest
    return part / whole if whole else math.nan
