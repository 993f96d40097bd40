"""What a results file would refuse is said before anything is trained."""

import pytest

from cxr_core import labels
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS
from cxr_core.pipeline import seal, sites
from cxr_core.pipeline.sites import Dataset
from cxr_core.store import tables


@pytest.fixture
def dataset(hospitals, workspace):
    """A site as it is known once its images are in the cache."""
    (manifest,) = sites.read(str(hospitals[1]), classes=FINDINGS, default="chexpert", workspace=workspace)
    votes = labels.votes(manifest)
    images = manifest.images.assign(content_hash="0" * 32, width=40, height=48, left_out=None)
    return Dataset(
        manifest=manifest,
        site="external",
        role="external_test",
        images=images,
        references={policy.name: labels.apply(policy, votes) for policy in manifest.policies},
        described={policy.name: policy.described(votes) for policy in manifest.policies},
        rejected=(("a" * 2000, "b" * 2000),),
    )


def test_what_a_results_file_takes_is_not_refused(dataset):
    seal.rehearse([dataset], pipeline="0" * 16)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("patient_id", "p" * 201, "length"),
        ("file", "f" * 1001, "length"),
        ("age_years", 411.0, "age_years"),
        ("age_years", 5e39, "too large for its column"),
        ("width", 0, "width"),
    ],
)
def test_what_it_would_refuse_is_said_with_the_site_and_without_the_value(dataset, column, value, said):
    dataset.images.loc[3, column] = value

    with pytest.raises(DataError, match=said) as raised:
        seal.rehearse([dataset], pipeline="0" * 16)

    assert str(raised.value).startswith("chexpert_train: ")
    assert value == 0 or str(value)[:20] not in str(raised.value)


def test_a_reason_and_a_path_are_cut_and_a_cut_reason_shows_it():
    (row,) = tables.rejected("d", [("x" + "f" * 1000, "r" * 501)]).to_dict("records")

    assert row == {"dataset": "d", "file": "f" * 1000, "reason": "r" * 497 + "..."}
    assert tables.cut("r" * 500, 500) == "r" * 500
