from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core.datasets.frames import image_frame, label_frame, no_boxes
from cxr_core.datasets.vinbigdata.names import KAGGLE_FINDINGS, names
from cxr_core.datasets.vinbigdata.policies import policies
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS
from cxr_core.manifest import BOX_COLUMNS, Manifest

NAMES = names(KAGGLE_FINDINGS, classes=FINDINGS)

POLICIES = policies(FINDINGS)


@pytest.fixture
def manifest() -> Manifest:
    return Manifest(
        dataset="d",
        reader="r",
        root=Path("root"),
        images=image_frame(image_id=["a", "b"], file=["x/a.png", "hash"]),
        labels=label_frame(
            np.array([[1, 0], [np.nan, -1]], dtype=np.float32),
            image_ids=["a", "b"],
            image=np.array([0, 1]),
            findings=["f", "g"],
            readers=["R"],
            reader=np.array([0, 0]),
        ),
        boxes=pd.DataFrame([("a", "f", "R", 1, 2, 3, 4, np.nan, np.nan)], columns=list(BOX_COLUMNS)),
        classes=FINDINGS,
        names=NAMES,
        policies=POLICIES,
        private_files={"b": "real.png"},
    )


def test_policies_are_found_by_name(manifest: Manifest) -> None:
    assert manifest.default_policy.name == "majority"
    assert manifest.policy("dominant") is POLICIES[3]
    with pytest.raises(
        DataError, match=r"d has no label policy 'x'. It has: any_reader, majority, unanimous, dominant"
    ):
        manifest.policy("x")


def test_files_are_below_the_root_and_private_ones_are_looked_up(manifest: Manifest) -> None:
    assert manifest.path("a", "x/a.png") == Path("root/x/a.png")
    assert manifest.path("b", "hash") == Path("root/real.png")


@pytest.mark.parametrize("field", ["images", "labels", "boxes"])
def test_columns_are_those_of_the_contract(manifest: Manifest, field: str) -> None:
    frame = getattr(manifest, field)
    with pytest.raises(DataError, match=f"manifest's {field} must have the columns"):
        replace(manifest, **{field: frame.rename(columns={"image_id": "id"})})


def test_an_image_stands_once(manifest: Manifest) -> None:
    with pytest.raises(DataError, match="image id 'a' occurs more than once"):
        replace(manifest, images=manifest.images.iloc[[0, 0]])


@pytest.mark.parametrize("policies", [(), POLICIES[:1], POLICIES + POLICIES[1:2]])
def test_one_policy_is_the_default(manifest: Manifest, policies: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="exactly one label policy"):
        replace(manifest, policies=policies)


def test_equal_tables_have_equal_fingerprints_wherever_they_lie(manifest: Manifest) -> None:
    moved = replace(manifest, root=Path("elsewhere"), notes=("n",))
    assert moved.fingerprint() == manifest.fingerprint()
    assert len(manifest.fingerprint()) == 16


def test_the_order_of_categories_does_not_change_the_fingerprint(manifest: Manifest) -> None:
    findings = manifest.labels["finding"].cat.set_categories(["g", "f", "unused"])
    assert replace(manifest, labels=manifest.labels.assign(finding=findings)).fingerprint() == manifest.fingerprint()


def changed(frame: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    return frame.assign(**{column: [*frame[column].iloc[:-1], value]}).astype({column: frame[column].dtype})


def test_every_cell_counts_in_the_fingerprint(manifest: Manifest) -> None:
    others = [
        replace(manifest, dataset="e"),
        replace(manifest, images=changed(manifest.images, "file", "y")),
        replace(manifest, images=changed(manifest.images, "sex", "F")),
        replace(manifest, images=changed(manifest.images, "age_years", 3.0)),
        replace(manifest, labels=changed(manifest.labels, "value", 1.0)),
        replace(manifest, labels=changed(manifest.labels, "finding", "f")),
        replace(manifest, boxes=manifest.boxes.assign(x0=0)),
        replace(manifest, boxes=no_boxes()),
        replace(manifest, images=manifest.images.iloc[::-1]),
        manifest,
    ]
    assert len({other.fingerprint() for other in others}) == len(others)


def test_a_name_means_one_class_of_the_run(manifest: Manifest) -> None:
    with pytest.raises(ValueError, match="may mean one class"):
        replace(manifest, names=(*NAMES, replace(NAMES[0], class_index=3)))
    with pytest.raises(ValueError, match="classes 0 to 1"):
        replace(manifest, classes=("No Finding", "Edema"))
