from dataclasses import replace

import numpy as np
import pytest

from cxr_core.evaluation.inputs import Scored, Site


@pytest.fixture
def site(sites: list[Site]) -> Site:
    return sites[0]


@pytest.fixture
def split(scored: list[Scored]) -> Scored:
    return scored[0]


def test_a_site_of_unequal_lengths_is_refused(site: Site) -> None:
    with pytest.raises(ValueError, match=r"classes under majority: expected shape \(259,\), found \(260,\)"):
        replace(site, patients=site.patients[:-1])


def test_a_site_needs_its_whole(site: Site) -> None:
    with pytest.raises(ValueError, match="expected a stratum 'all'"):
        replace(site, strata={"view=PA": site.strata["view=PA"]})


def test_a_policy_without_reference_is_refused(site: Site) -> None:
    with pytest.raises(ValueError, match=r"no reference under \['dominant'\]"):
        replace(site, class_policies=frozenset({"dominant"}))


def test_a_role_without_prediction_is_refused(split: Scored) -> None:
    index = int(np.flatnonzero(split.role != "")[3])
    probability = split.probability.copy()
    probability[index, 2] = np.nan
    with pytest.raises(ValueError, match=f"split on home: image {index} has the role"):
        replace(split, probability=probability)
    with pytest.raises(ValueError, match="has the role"):
        replace(split, predicted=np.full_like(split.predicted, 6))


def test_scores_of_another_length_are_refused(split: Scored) -> None:
    with pytest.raises(ValueError, match="probability"):
        replace(split, probability=split.probability[1:])


def test_an_unknown_role_is_refused(split: Scored) -> None:
    with pytest.raises(ValueError, match=r"split on home: expected roles among .* found \['test'\]"):
        replace(split, role=np.where(split.role == "internal_test", "test", split.role))
