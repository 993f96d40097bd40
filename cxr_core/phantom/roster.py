"""The roster of a site: its patients, their images and findings, drawn before anything is drawn on a sheet."""

from dataclasses import dataclass

import numpy as np

from cxr_core.findings import FINDINGS
from cxr_core.phantom.causes import Prevalence, SyntheticSite
from cxr_core.phantom.randomness import stream

_GOLDEN = (5**0.5 - 1) / 2
_COMPANIONS = (
    # of:             Cardiomegaly, Nodule, Opacity, Effusion, Consolidation
    (0.00, 0.10, 0.25, 0.55, 0.10),
    (0.15, 0.00, 0.35, 0.30, 0.20),
    (0.25, 0.10, 0.00, 0.40, 0.25),
    (0.40, 0.10, 0.30, 0.00, 0.20),
    (0.15, 0.08, 0.37, 0.40, 0.00),
)
"""What comes with a main finding, and how often relative to the others."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One image that is to be drawn.

    Attributes:
        patient: Which patient of the site, from 0.
        image: Which of the patient's images, from 0.
        findings: The classes that are drawn, in their order; (0,) for none.
    """

    patient: int
    image: int
    findings: tuple[int, ...]


def draw_roster(seed: int, *, site: SyntheticSite, images: int) -> tuple[Visit, ...]:
    """The images of a site.

    Whether there are further patients changes nothing about a patient, and the main findings keep their shares closely.

    Args:
        seed: The site's seed.
        site: Its prevalence and its patients.
        images: How many.
    """
    visits: list[Visit] = []
    patient = 0
    while len(visits) < images:
        findings = draw_findings(seed, patient, site=site.prevalence)
        further = stream(seed, patient, purpose="visits").poisson(site.patients.further_images)
        visits += [Visit(patient=patient, image=image, findings=findings) for image in range(1 + int(further))]
        patient += 1
    return tuple(visits[:images])


def draw_findings(seed: int, patient: int, *, site: Prevalence) -> tuple[int, ...]:
    """The classes of one patient.

    Args:
        seed: The site's seed.
        patient: Which patient.
        site: What the site's patients have.
    """
    # Steps of the golden ratio fill [0, 1] evenly, so that each class has its share among any number of patients.
    lot = (stream(seed, purpose="mix").random() + patient * _GOLDEN) % 1
    shares = np.cumsum(site.mix) / sum(site.mix)
    main = min(int(np.searchsorted(shares, lot, side="right")), len(FINDINGS) - 1)
    if main == 0:
        return (0,)
    draws = stream(seed, patient, purpose="companions")
    chances = (site.second, site.second / 3)
    count = int(np.sum(np.cumprod([draws.random() < chance for chance in chances])))
    weights = np.array(_COMPANIONS[main - 1])
    others = 1 + draws.choice(len(weights), size=count, replace=False, p=weights / weights.sum())
    return tuple(sorted({main, *map(int, others)}))
