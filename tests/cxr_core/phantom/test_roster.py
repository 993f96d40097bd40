from dataclasses import replace

import numpy as np
import pytest

from cxr_core.phantom.causes import EXTERNAL, SOURCE, Patients, Prevalence
from cxr_core.phantom.roster import draw_findings, draw_roster


def _shares(visits):
    main = np.array([visit.findings[0] if len(visit.findings) == 1 else -1 for visit in visits])
    return np.array([(main == index).mean() for index in range(6)])


@pytest.mark.parametrize("seed", range(5))
def test_without_second_findings_each_class_has_its_share(seed):
    mix = (0.1, 0.2, 0.3, 0.05, 0.05, 0.3)
    site = replace(SOURCE, prevalence=Prevalence(mix=mix, second=0.0))

    shares = _shares(draw_roster(seed, site=site, images=400))

    assert shares == pytest.approx(np.array(mix), abs=0.008)


@pytest.mark.parametrize("seed", range(5))
def test_at_the_source_a_fifth_of_each_class_alone_is_more_than_thirty(seed):
    alone = 1250 * _shares(draw_roster(seed, site=SOURCE, images=1250))

    # No Finding gains from readers who miss something; the others lose about one in twenty.
    assert 0.2 * alone[0] > 30
    assert 0.2 * 0.95 * alone[1:].min() > 35


def test_a_patient_of_the_source_has_one_image_and_one_of_the_external_site_several():
    source = draw_roster(3, site=SOURCE, images=300)
    external = draw_roster(3, site=EXTERNAL, images=300)

    assert {visit.image for visit in source} == {0}
    assert 300 / len({visit.patient for visit in external}) == pytest.approx(
        1 + EXTERNAL.patients.further_images, rel=0.12
    )


def test_further_images_show_the_same_findings():
    visits = draw_roster(3, site=replace(SOURCE, patients=Patients(further_images=2.0)), images=200)

    by_patient = {}
    for visit in visits:
        by_patient.setdefault(visit.patient, set()).add(visit.findings)
    assert all(len(findings) == 1 for findings in by_patient.values())


def test_a_patient_does_not_depend_on_how_many_there_are():
    few, many = (draw_roster(3, site=SOURCE, images=count) for count in (50, 500))

    assert many[:50] == few


def test_second_findings_come_at_their_rate():
    prevalence = Prevalence(second=0.3)

    counts = np.array([len(draw_findings(1, patient, site=prevalence)) for patient in range(3000)])
    sick = np.array([draw_findings(1, patient, site=prevalence)[0] != 0 for patient in range(3000)])

    assert (counts[sick] > 1).mean() == pytest.approx(0.3, abs=0.03)
    assert (counts[sick] > 2).mean() == pytest.approx(0.3 * 0.1, abs=0.012)
    assert (counts[~sick] == 1).all()
