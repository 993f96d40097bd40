"""What a list can be narrowed by: what its images have, and nothing else."""

from pathlib import Path

from cxr_core.findings import FINDINGS
from dashboard.queries.cases.filter import CaseFilter
from dashboard.queries.cases.offered import Loosened, loosened, offered
from dashboard.results.comparison import TestSet
from dashboard.results.runs import RunKey
from dashboard.results.side import Side
from tests.dashboard.made_answers import judged
from tests.dashboard.queries.conftest import Changed

AT_HOME = TestSet(model="split", dataset="vinbigdata", policy="majority", role="internal_test")
ABROAD = TestSet(model="split", dataset="chexpert_train", policy="u_ones", role="external_test")


def test_classes_are_those_that_have_images(path: Path, key: RunKey) -> None:
    for test in (AT_HOME, ABROAD):
        frame = judged(path, **test.parameters())
        found = offered(key, test)
        assert found.true == tuple(FINDINGS[i] for i in sorted(frame["class"].unique()))
        assert found.predicted == tuple(FINDINGS[i] for i in sorted(frame["predicted"].unique()))
        assert "Consolidation" not in found.true


def test_what_all_images_share_is_not_offered(key: RunKey) -> None:
    assert offered(key, AT_HOME).views == ()
    assert offered(key, ABROAD).views == ("AP", "PA")
    assert offered(key, ABROAD).sexes == ("F", "M")
    assert offered(key, ABROAD).ages == ("20-39", "40-59", "60-79")


def test_what_is_recorded_of_some_is_offered(changed: Changed) -> None:
    key = changed(
        "UPDATE image SET view = NULL WHERE dataset = 'vinbigdata' AND image_id = 'i7'",
        "UPDATE image SET age_years = 97 WHERE dataset = 'chexpert_train' AND image_id = 'i7'",
    )
    assert offered(key, AT_HOME).views == ("PA",)
    assert offered(key, ABROAD).ages[-1] == "80+"


def test_members_are_offered_where_there_are_several(key: RunKey, changed: Changed) -> None:
    assert offered(key, ABROAD).members
    alone = offered(changed("DELETE FROM model WHERE member > 0"), ABROAD)
    assert not alone.members
    wanted = CaseFilter(members="differ", sort="most_disputed")
    assert alone.allowed(wanted) == CaseFilter()


def test_a_filter_loses_what_is_not_offered(key: RunKey) -> None:
    found = offered(key, AT_HOME)
    wanted = CaseFilter(
        at=Side.INTERNAL, true="Consolidation", view="PA", sex="F", age="80+", got="wrong", confidence=(1, 2)
    )
    assert found.allowed(wanted) == CaseFilter(at=Side.INTERNAL, sex="F", got="wrong", confidence=(1, 2))


def test_the_filter_to_loosen_is_the_one_that_brings_the_most(path: Path, key: RunKey) -> None:
    frame = judged(path, **ABROAD.parameters())
    wanted = CaseFilter(true="Cardiomegaly", view="AP", confidence=(0, 1))
    expected = ((frame["class"] == 1) & (frame["view"] == "AP")).sum()
    assert loosened(key, ABROAD, wanted) == Loosened(key="conf", cases=expected)
    assert loosened(key, ABROAD, CaseFilter(true="Consolidation", confidence=(0, 1))) is None
