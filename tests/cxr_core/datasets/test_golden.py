"""Counts on the real label tables of VinBigData and CheXpert, which torchxrayvision carries, to the unit."""

import gzip
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from cxr_core import labels
from cxr_core.datasets.chexpert import names as chexpert_names
from cxr_core.datasets.chexpert import policies as chexpert_policies
from cxr_core.datasets.chexpert.tables import read_by_image
from cxr_core.datasets.frames import image_frame, no_boxes
from cxr_core.datasets.vinbigdata import names as vinbigdata_names
from cxr_core.datasets.vinbigdata import policies as vinbigdata_policies
from cxr_core.datasets.vinbigdata.readings import read_kaggle
from cxr_core.experiment import PAPER
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Manifest, Reference, Votes
from cxr_core.pipeline.inclusion import Inclusion, exclusion_reasons

SPEC = importlib.util.find_spec("torchxrayvision")
pytestmark = pytest.mark.skipif(SPEC is None, reason="torchxrayvision, which carries the tables, is not installed")

NO_FINDING, CARDIOMEGALY, CONSOLIDATION = (FINDINGS.index(n) for n in ("No Finding", "Cardiomegaly", "Consolidation"))


@dataclass(frozen=True, kw_only=True)
class Golden:
    """A real table under all its policies."""

    manifest: Manifest
    votes: Votes
    references: dict[str, Reference]

    @property
    def frontal(self) -> npt.NDArray[np.bool_]:
        return (self.manifest.images["view"] != "lateral").to_numpy()

    @property
    def everything(self) -> npt.NDArray[np.bool_]:
        return np.ones(len(self.manifest.images), dtype=np.bool_)

    @property
    def both_views(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        return self.everything, self.frontal

    @property
    def any_uncertain(self) -> npt.NDArray[np.bool_]:
        """Whether any of CheXpert's 14 labels of an image is uncertain."""
        values = self.manifest.labels["value"].to_numpy().reshape(-1, 14)
        return (values == -1).any(axis=1)

    def per_class(self, policy: str, images: npt.NDArray[np.bool_] | None = None) -> list[int]:
        """How many of these images have each class."""
        classes = self.references[policy].classes[self.everything if images is None else images]
        return np.bincount(classes[classes >= 0], minlength=6).tolist()

    def single(self, policy: str, images: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        return images & (self.references[policy].classes >= 0)


def squares(counts: list[int]) -> float:
    """The share that a draw from the mix itself gets right."""
    shares = np.array(counts) / sum(counts)
    return float((shares**2).sum())


def golden(manifest: Manifest) -> Golden:
    votes = labels.votes(manifest)
    references = {policy.name: labels.apply(policy, votes) for policy in manifest.policies}
    return Golden(manifest=manifest, votes=votes, references=references)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    assert SPEC is not None
    assert SPEC.origin is not None
    folder = tmp_path_factory.mktemp("tables")
    for name in ("vinbigdata-train.csv", "chexpert_train.csv"):
        packed = Path(SPEC.origin).with_name("data") / f"{name}.gz"
        (folder / name).write_bytes(gzip.decompress(packed.read_bytes()))
    yield folder
    for path in folder.iterdir():
        path.unlink()


@pytest.fixture(scope="module")
def vinbigdata(tables: Path) -> Golden:
    readings = read_kaggle(tables / "vinbigdata-train.csv")
    image_ids = readings.image_ids.tolist()
    return golden(
        Manifest(
            dataset="vinbigdata",
            reader="vinbigdata",
            root=tables,
            images=image_frame(image_id=image_ids, file=image_ids),
            labels=readings.labels,
            boxes=readings.boxes,
            classes=FINDINGS,
            names=vinbigdata_names.names(vinbigdata_names.KAGGLE_FINDINGS, classes=FINDINGS),
            policies=vinbigdata_policies.policies(FINDINGS),
        )
    )


@pytest.fixture(scope="module")
def chexpert(tables: Path) -> Golden:
    frames = read_by_image(tables / "chexpert_train.csv", part="train")
    return golden(
        Manifest(
            dataset="chexpert_train",
            reader="chexpert",
            root=tables,
            images=frames.images,
            labels=frames.labels,
            boxes=no_boxes(),
            classes=FINDINGS,
            names=chexpert_names.names(FINDINGS),
            policies=chexpert_policies.policies(FINDINGS),
        )
    )


def test_vinbigdata_is_fifteen_thousand_images_of_three_readers(vinbigdata: Golden) -> None:
    assert len(vinbigdata.manifest.images) == 15_000
    seen = (~np.isnan(vinbigdata.votes)).all(axis=2)
    assert (seen.sum(axis=1) == 3).all()
    assert labels.readers(vinbigdata.manifest) == tuple(f"R{number}" for number in range(1, 18))
    assert len(vinbigdata.manifest.labels) == 15_000 * 3 * 15


@pytest.mark.parametrize(
    ("readers", "expected"),
    [
        (1, [10606, 2300, 826, 1322, 1032, 353]),
        (2, [10606, 1817, 405, 547, 634, 121]),
        (3, [10606, 1297, 181, 167, 439, 31]),
    ],
)
def test_images_by_number_of_readers_who_marked(vinbigdata: Golden, readers: int, expected: list[int]) -> None:
    marks = (vinbigdata.votes == 1).sum(axis=1)
    assert (marks >= readers).sum(axis=0).tolist() == expected
    policy = ("any_reader", "majority", "unanimous")[readers - 1]
    assert vinbigdata.references[policy].present.sum(axis=0).tolist() == expected


@pytest.mark.parametrize(
    ("policy", "expected"), [("any_reader", 12_820), ("majority", 12_915), ("unanimous", 12_431), ("dominant", 14_289)]
)
def test_images_with_a_single_class(vinbigdata: Golden, policy: str, expected: int) -> None:
    assert sum(vinbigdata.per_class(policy)) == expected


def test_dominant_with_a_cap_gives_the_number_of_the_paper(vinbigdata: Golden) -> None:
    counts = vinbigdata.per_class("dominant")
    assert counts == [10606, 2089, 491, 518, 541, 44]
    capped = [min(count, 805) for count in counts]
    assert capped == [805, 805, 491, 518, 541, 44]
    assert sum(capped) == 3_204
    assert round(squares(capped), 3) == 0.205


def test_majority_cannot_be_as_even_as_the_paper_says(vinbigdata: Golden) -> None:
    counts = vinbigdata.per_class("majority")
    assert counts == [10606, 1589, 234, 163, 303, 20]
    rest = 3_204 - sum(counts[2:])
    assert round(squares([rest // 2, rest // 2, *counts[2:]]), 3) == 0.317


def test_readers_one_to_seven_read_nothing_but_no_finding(vinbigdata: Golden) -> None:
    marked = (vinbigdata.votes == 1).any(axis=0)
    assert not marked[:7, 1:].any()
    assert marked[:7, NO_FINDING].all()
    assert (vinbigdata.references["any_reader"].present == vinbigdata.references["unanimous"].present)[:, 0].all()


def test_chexpert_has_the_published_images_patients_and_studies(chexpert: Golden) -> None:
    images = chexpert.manifest.images
    assert len(images) == 223_414
    assert images["view"].value_counts().to_dict() == {"AP": 161_590, "PA": 29_420, "frontal": 17, "lateral": 32_387}
    assert images["patient_id"].nunique() == 64_540
    assert images["image_id"].str.rpartition("/")[0].nunique() == 187_641
    assert round(161_590 / int(chexpert.frontal.sum()), 3) == 0.846
    assert len(chexpert.manifest.labels) == 223_414 * 14


def test_the_view_of_the_path_is_that_of_the_column(chexpert: Golden, tables: Path) -> None:
    column = pd.read_csv(tables / "chexpert_train.csv", usecols=["Frontal/Lateral"])["Frontal/Lateral"]
    assert ((column == "Frontal").to_numpy() == chexpert.frontal).all()


def test_age_zero_is_not_an_age(chexpert: Golden, tables: Path) -> None:
    column = pd.read_csv(tables / "chexpert_train.csv", usecols=["Age"])["Age"]
    assert chexpert.manifest.images["age_years"].isna().sum() == (column == 0).sum() > 0


ROWS = {
    ("all", "u_zeros"): ([22381, 8663, 2397, 41993, 24082, 3963], 103_479, 0.275),
    ("all", "u_ones"): ([22381, 9835, 2126, 29960, 21787, 5704], 91_793, 0.238),
    ("frontal", "u_zeros"): ([16974, 7177, 1813, 36788, 20591, 3415], 86_758, 0.283),
    ("frontal", "u_ones"): ([16974, 7995, 1633, 26164, 18388, 4972], 76_126, 0.242),
    ("frontal", "u_ignore"): ([16974, 5910, 1467, 24943, 16457, 2752], 68_503, 0.261),
}


@pytest.mark.parametrize(("views", "policy"), ROWS)
def test_chexpert_images_with_a_single_class(chexpert: Golden, views: str, policy: str) -> None:
    per_class, n, chance = ROWS[views, policy]
    counts = chexpert.per_class(policy, chexpert.frontal if views == "frontal" else None)
    assert counts == per_class
    assert sum(counts) == n
    assert round(squares(counts), 3) == chance


def test_chexpert_images_with_a_single_class_and_nothing_uncertain(chexpert: Golden) -> None:
    counts = chexpert.per_class("u_ignore", chexpert.frontal & ~chexpert.any_uncertain)
    assert counts == [16895, 5390, 1311, 14607, 14896, 1957]
    assert sum(counts) == 55_056
    assert round(squares(counts), 3) == 0.249


def test_chexpert_patients_with_a_single_class(chexpert: Golden) -> None:
    patients = chexpert.manifest.images["patient_id"]
    assert patients[chexpert.single("u_ignore", chexpert.frontal)].nunique() == 37_510
    assert patients[chexpert.single("u_zeros", chexpert.frontal)].nunique() == 43_414


def test_frontal_chexpert_by_number_of_classes(chexpert: Golden) -> None:
    present = chexpert.references["u_zeros"].present[chexpert.frontal].sum(axis=1)
    shares = [round(float(share), 3) for share in (np.mean(present == 0), np.mean(present == 1), np.mean(present > 1))]
    assert shares == [0.198, 0.454, 0.348]
    reasons = chexpert.references["u_zeros"].left_out[chexpert.frontal]
    assert [round(float((reasons == reason).mean()), 3) for reason in ("none", "several")] == [0.198, 0.348]


def test_cardiomegaly_is_one_in_eight_or_one_in_two(chexpert: Golden) -> None:
    frontal = chexpert.frontal
    stated = chexpert.votes[:, 0, CARDIOMEGALY]
    rest = stated[frontal & (chexpert.references["u_zeros"].classes != NO_FINDING)]
    assert [int((rest == value).sum()) for value in (1, 0, -1)] == [23_385, 5_675, 6_707]
    assert int(np.isnan(rest).sum()) == 138_286
    assert round(float(chexpert.references["u_zeros"].present[frontal, CARDIOMEGALY].mean()), 3) == 0.122
    assert round(float(np.nanmean(chexpert.references["explicit"].present[frontal, CARDIOMEGALY])), 3) == 0.508
    said = stated[frontal & np.isin(stated, (1, 0))]
    assert round(float(said.mean()), 3) == 0.748


@pytest.mark.parametrize(("views", "expected"), [("all", [0.066, 0.190, 0.345]), ("frontal", [0.068, 0.196, 0.398])])
def test_consolidation_prevalence(chexpert: Golden, views: str, expected: list[float]) -> None:
    images = chexpert.frontal if views == "frontal" else chexpert.everything
    shares = [chexpert.references[policy].present[images, CONSOLIDATION].mean() for policy in ("u_zeros", "u_ones")]
    stated = chexpert.votes[images, 0, CONSOLIDATION]
    shares.append(stated[np.isin(stated, (1, 0))].mean())
    assert [round(float(share), 3) for share in shares] == expected


def test_answers_without_skill_score_as_much_as_the_paper_reports(chexpert: Golden) -> None:
    mixes = [per_class for per_class, _, _ in ROWS.values()]
    mixes += [chexpert.per_class("u_ignore", images & ~chexpert.any_uncertain) for images in chexpert.both_views]
    nothing = [counts[NO_FINDING] / sum(counts) for counts in mixes]
    majority = [max(counts) / sum(counts) for counts in mixes]
    draw = [squares(counts) for counts in mixes]
    bounds = [round(bound(scores), 3) for scores in (nothing, majority, draw) for bound in (min, max)]
    assert bounds == [0.196, 0.334, 0.307, 0.424, 0.238, 0.283]


def test_many_without_a_finding_have_support_devices(chexpert: Golden) -> None:
    rows = chexpert.manifest.labels
    devices = rows["value"].to_numpy()[(rows["finding"] == "Support Devices").to_numpy()]
    healthy = chexpert.frontal & (chexpert.references["u_zeros"].classes == NO_FINDING)
    assert round(float((devices[healthy] == 1).mean()), 3) == 0.437


def test_the_papers_run_predicts_every_frontal_of_its_sampled_patients(chexpert: Golden) -> None:
    sample = Inclusion(views=PAPER.views, external_images=PAPER.external_images, seed=PAPER.seed)
    why = exclusion_reasons(chexpert.manifest, chexpert.references, role="external_test", inclusion=sample)
    kept = why == None  # noqa: E711 -- element by element
    patients = chexpert.manifest.images["patient_id"]
    any_class = np.any([reference.classes >= 0 for reference in chexpert.references.values()], axis=0)

    assert (kept.sum(), patients[kept].nunique()) == (83_982, 28_408)
    # what the task with a single class rests on, as before
    assert ((kept & any_class).sum(), patients[kept & any_class].nunique()) == (41_190, 20_229)
    assert chexpert.single("u_ignore", kept).sum() == 30_002
    positive = chexpert.references["u_zeros"].present == 1
    assert positive[kept].sum(axis=0).tolist() == [7_543, 10_530, 3_080, 41_329, 33_615, 5_844]
    assert positive[kept & any_class].sum(axis=0).tolist() == [7_543, 3_216, 782, 16_068, 8_828, 1_528]


def test_a_tie_decides_a_third_of_the_lung_opacities(vinbigdata: Golden) -> None:
    assert vinbigdata_policies.ties(vinbigdata.votes, classes=FINDINGS) == (
        "A tie gave 485 of 14,289 images their class (3.4%), Lung Opacity most often: 166 of 518 (32%)."
    )


def test_dominant_calls_no_class_absent_that_it_gives(vinbigdata: Golden) -> None:
    dominant, majority = (vinbigdata.references[name] for name in ("dominant", "majority"))
    given = dominant.classes >= 0
    assert (dominant.present[given, dominant.classes[given]] == 1).all()
    assert (dominant.present != majority.present).sum() == 827
