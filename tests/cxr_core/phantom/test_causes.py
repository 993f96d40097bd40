from dataclasses import fields, replace

import pytest

from cxr_core.errors import SettingsError
from cxr_core.phantom.causes import CAUSES, EXTERNAL, SOURCE, Prevalence, SyntheticSite, sites


def test_without_causes_the_sites_are_equal():
    source, external = sites(())

    assert source == external == SOURCE


def test_with_all_causes_the_second_site_is_the_external_one():
    assert sites() == (SOURCE, EXTERNAL)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_brings_its_own_field_and_no_other(cause):
    source, external = sites((cause,))

    changed = [
        field.name for field in fields(SyntheticSite) if getattr(source, field.name) != getattr(external, field.name)
    ]

    assert changed == [cause]
    assert getattr(external, cause) == getattr(EXTERNAL, cause)


def test_a_part_of_a_cause_can_be_set_by_hand():
    rare = replace(SOURCE, prevalence=Prevalence(mix=(1, 0, 0, 0, 0, 0)))

    _, external = sites(("prevalence",), external=rare)

    assert external.prevalence.mix == (1, 0, 0, 0, 0, 0)


def test_an_unknown_cause_names_the_known_ones():
    with pytest.raises(SettingsError, match=r"'weather'.*prevalence.*marker"):
        sites(("prevalence", "weather"))
