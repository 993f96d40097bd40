"""A made-up run with images of known classes, readings and reasons to be left out, drawn by seed."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from dashboard.results.comparison import TestSet
from tests.support.made.once import made_once
from tests.support.made.runs import MadeRun
from tests.support.results import frame
from tests.support.rows import append

INTERNAL = "vinbigdata"
EXTERNAL = "chexpert_train"
INTERNAL_POLICIES = ("any_reader", "dominant", "majority")
EXTERNAL_POLICIES = ("explicit", "u_ignore", "u_ones", "u_zeros")
INTERNAL_NAMES = ("No finding", "Cardiomegaly", "Nodule/Mass", "Lung Opacity", "Pleural effusion", "Consolidation")
EXTERNAL_NAMES = ("No Finding", "Cardiomegaly", "Lung Lesion", "Lung Opacity", "Pleural Effusion")
"""Nothing is called Consolidation there."""

_MADE = MadeRun(images={"internal_test": 60, "external_test": 60, "train": 60})

OUR_TEST = TestSet(model="split", dataset=INTERNAL, policy="majority", role="internal_test")
THEIR_TEST = TestSet(model="split", dataset=EXTERNAL, policy="u_ignore", role="external_test")


@made_once
def write(results: Path, *, internal: int = 600, external: int = 500) -> Path:
    """Writes the run and gives its results file."""
    path = _MADE.write(results)
    rng = np.random.default_rng(0)
    ours = _images(rng, INTERNAL, n=internal, left_out=("cap",))
    theirs = _images(rng, EXTERNAL, n=external, left_out=("view", "sample"))
    theirs["patient_id"] = [f"p{rng.integers(0, max(external // 3, 1))}" for _ in range(external)]
    with duckdb.connect(str(path)) as connection:
        for table in ("image", "reference", "prediction"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 (three names)
        connection.execute("INSERT INTO policy VALUES ($1, 'explicit', FALSE, 'Presence alone.')", [EXTERNAL])
        connection.execute(
            "INSERT INTO rejected VALUES ($1, 'a', 'no pixels'), ($1, 'b', 'no pixels'), ($1, 'c', 'cut short')",
            [EXTERNAL],
        )
        append(connection, "image", pd.concat([ours, theirs]))
        append(connection, "reference", _references(rng, ours, INTERNAL_POLICIES, reasons=("none", "several")))
        append(connection, "reference", _references(rng, theirs, EXTERNAL_POLICIES, reasons=("several", "uncertain")))
        append(connection, "prediction", _predictions(rng, ours, theirs))
        append(
            connection, "name_match", pd.concat([_names(INTERNAL, INTERNAL_NAMES), _names(EXTERNAL, EXTERNAL_NAMES)])
        )
        append(connection, "raw_label", pd.concat([_readings(rng, ours), _mentions(rng, theirs)]))
    return path


def members(path: Path, test: TestSet) -> pd.DataFrame:
    """Images of a test with their reference standard under its policy and their patient, by pandas alone."""
    prediction, reference, image = (frame(path, f"FROM {table}") for table in ("prediction", "reference", "image"))
    asked = prediction[
        (prediction["model_id"] == test.model)
        & (prediction["dataset"] == test.dataset)
        & (prediction["role"] == test.role)
    ]
    known = reference[(reference["dataset"] == test.dataset) & (reference["policy"] == test.policy)]
    found = asked[["image_id"]].merge(known, on="image_id")
    return found.merge(image.loc[image["dataset"] == test.dataset, ["image_id", "patient_id"]], on="image_id")


def _images(rng: np.random.Generator, dataset: str, *, n: int, left_out: tuple[str, ...]) -> pd.DataFrame:
    reasons = rng.choice([*left_out, ""], size=n, p=[*[0.1] * len(left_out), 1 - 0.1 * len(left_out)])
    return pd.DataFrame(
        {
            "dataset": dataset,
            "image_id": [f"{dataset}-{i}" for i in range(n)],
            "patient_id": None,
            "file": [f"{i}.png" for i in range(n)],
            "left_out": [reason or None for reason in reasons],
        }
    )


def _references(
    rng: np.random.Generator, images: pd.DataFrame, policies: tuple[str, ...], *, reasons: tuple[str, ...]
) -> pd.DataFrame:
    rows = []
    for policy in policies:
        for dataset, image_id in zip(images["dataset"], images["image_id"], strict=True):
            index = int(rng.choice(6, p=[0.3, 0.25, 0.2, 0.15, 0.08, 0.02]))
            reason = str(rng.choice(["", *reasons], p=[0.7, 0.2, 0.1]))
            present = (rng.random(6) < 0.3).astype(float)
            if reason == "uncertain":
                present[rng.integers(0, 6)] = np.nan
            has_class = not reason and policy != "explicit"
            left_out = (reason or None) if policy != "explicit" else None
            rows.append((dataset, policy, image_id, index if has_class else None, left_out, list(present)))
    return pd.DataFrame(rows, columns=["dataset", "policy", "image_id", "class", "left_out", "present"])


def _predictions(rng: np.random.Generator, ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    ours, theirs = (images[images["left_out"].isna()] for images in (ours, theirs))
    parts = []
    for model in ("split", "full"):
        roles = ["train", "internal_test", ""] if model == "split" else ["train", ""]
        internal = rng.choice(roles, size=len(ours), p=[0.45, 0.5, 0.05] if model == "split" else [0.9, 0.1])
        away = rng.choice(["external_test", "train"], size=len(theirs), p=[0.98, 0.02])
        for images, role in ((ours, internal), (theirs, away)):
            part = images[["dataset", "image_id"]].assign(model_id=model, role=role, predicted=0)
            parts.append(part[part["role"] != ""])
    found = pd.concat(parts)
    return found.assign(probability=[[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]] * len(found))


def _names(dataset: str, names: tuple[str, ...]) -> pd.DataFrame:
    grades = ["exact", "exact", "weak", "close", "exact", "exact"] if dataset == EXTERNAL else ["exact"] * 6
    return pd.DataFrame(
        {
            "dataset": dataset,
            "finding": names,
            "class": range(len(names)),
            "grade": grades[: len(names)],
            "reason": [f"The reason for {name}." for name in names],
        }
    )


def _readings(rng: np.random.Generator, images: pd.DataFrame) -> pd.DataFrame:
    """Three of five readers an image, in a sixth of them only one."""
    rows = []
    for image_id in images["image_id"]:
        readers = rng.choice(5, size=1 if rng.random() < 1 / 6 else 3, replace=False)
        for name in (*INTERNAL_NAMES, "Other lesion"):
            share = rng.choice([0.02, 0.9], p=[0.7, 0.3])
            rows += [(INTERNAL, image_id, name, f"R{reader}", int(rng.random() < share)) for reader in readers]
    return pd.DataFrame(rows, columns=["dataset", "image_id", "finding", "reader", "value"])


def _mentions(rng: np.random.Generator, images: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for image_id in images["image_id"]:
        for name in (*EXTERNAL_NAMES, "Support Devices"):
            value = rng.choice([1, 0, -1, 9], p=[0.4, 0.1, 0.1, 0.4])
            rows.append((EXTERNAL, image_id, name, "labeler", None if value == 9 else int(value)))
    return pd.DataFrame(rows, columns=["dataset", "image_id", "finding", "reader", "value"])
