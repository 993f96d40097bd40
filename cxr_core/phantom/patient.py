"""A patient: an anatomy that is drawn once and kept in all images of the patient."""

from dataclasses import dataclass

import numpy as np

from cxr_core.phantom.causes import Patients
from cxr_core.phantom.randomness import stream


@dataclass(frozen=True, kw_only=True)
class Patient:
    """One patient's anatomy, standing, PA, in full inspiration. Lengths are in cm.

    Attributes:
        number: Which patient of the site.
        woman: Else a man.
        age_years: 18 to 95.
        lung_width: From the midline to the widest place of the lungs.
        apex: Where the lungs begin, from the top of the field.
        dome: Where the right dome of the diaphragm stands.
        dome_gap: How much lower the left one is.
        recess: From the dome to the costophrenic angle.
        depth: Of the chest, front to back.
        fat: Around the trunk.
        heart_share: Width of the heart over that of the chest, where no finding enlarges it.
        heart_turn: From upright (-1) to lying (1).
        knob: Radius of the aortic knob.
        rib_slope: How much lower a rib's front end is than its back end.
        rib_width: Of a posterior rib.
        bone: Mineral, 1 is usual.
        curve: Of the spine to one side.
        breast: Of a woman, 0.3 to 1; 0 in a man.
        vessels: How strongly the vessels are drawn, 1 is usual.
        collar: By how much the clavicles stand higher than usual.
        gas: Air in the stomach, 0 to 1.
        neck: Half width of the neck.
    """

    number: int
    woman: bool
    age_years: float
    lung_width: float
    apex: float
    dome: float
    dome_gap: float
    recess: float
    depth: float
    fat: float
    heart_share: float
    heart_turn: float
    knob: float
    rib_slope: float
    rib_width: float
    bone: float
    curve: float
    breast: float
    vessels: float
    collar: float
    gas: float
    neck: float


def draw_patient(seed: int, number: int, *, site: Patients) -> Patient:
    """The patient of that number: what a site changes is age, sex and fat, and what follows from them.

    Args:
        seed: The site's seed.
        number: Which patient.
        site: Who comes to the site.
    """
    draws = stream(seed, number, purpose="anatomy")
    who = stream(seed, number, purpose="person")
    woman = bool(who.random() < site.women)
    age = float(np.clip(who.normal(site.age_years, 16), 18, 95))
    size = (0.945 if woman else 1.03) * draws.normal(1, 0.035)
    fat = float(draws.gamma(2.2, 0.5)) + 0.6 + site.fat_cm * draws.uniform(0.4, 1.6)
    return Patient(
        number=number,
        woman=woman,
        age_years=age,
        lung_width=14.0 * size * draws.normal(1, 0.035),
        apex=4.2 + draws.normal(0, 0.45),
        dome=26.6 * (0.5 + 0.5 * size) + draws.normal(0, 0.9),
        dome_gap=draws.normal(1.2, 0.45),
        recess=draws.uniform(2.6, 4.0),
        depth=20.5 * size + 0.8 * fat + abs(draws.normal(0, 1.6)),
        fat=fat,
        heart_share=draws.normal(0.445 + 0.0006 * (age - 50), 0.028),
        heart_turn=float(np.clip(draws.normal(0, 0.5) + 0.25 * (fat - 1.7), -1, 1)),
        knob=draws.normal(1.45 + 0.010 * (age - 40), 0.2),
        rib_slope=draws.normal(9.0, 1.0),
        rib_width=draws.normal(1.15, 0.1),
        bone=draws.normal(1.08 - 0.004 * (age - 40), 0.09),
        curve=draws.normal(0, 0.45),
        breast=draws.uniform(0.3, 1.0) * woman,
        vessels=draws.normal(1, 0.16),
        collar=draws.normal(0, 0.55),
        gas=draws.uniform(0, 1),
        neck=5.4 * size + 0.25 * fat,
    )
