"""The two hospitals of a made-up run: images, what their readers said, and the real label policies applied to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core import labels
from cxr_core.datasets.chexpert import names as chexpert_names
from cxr_core.datasets.chexpert import policies as chexpert_policies
from cxr_core.datasets.vinbigdata import names as vinbigdata_names
from cxr_core.datasets.vinbigdata import policies as vinbigdata_policies
from cxr_core.findings import FINDINGS, no_finding
from cxr_core.manifest import NameMatch, Policy, Reference, Votes
from tests.support.big_run.size import Size

INTERNAL_MIX = (0.29, 0.25, 0.13, 0.13, 0.14, 0.06)
EXTERNAL_MIX = (0.18, 0.12, 0.05, 0.32, 0.26, 0.07)
INTERNAL_READERS = tuple(f"R{number}" for number in range(8, 18))
LABELER = "labeler"

_READERS_PER_IMAGE = 3
_IMAGES_PER_PATIENT = 2


@dataclass(frozen=True, kw_only=True)
class DrawnSite:
    """One hospital.

    Attributes:
        dataset: Its name.
        site: Where it stands.
        reader: The reader module that it could come from.
        training_policy: For the hospital that was trained at.
        classes: What the run tells apart.
        names: Its own names for them.
        policies: Its label policies.
        images: Rows of `image`, those with predictions first.
        kept: How many of them have predictions.
        truth: What each image shows, shape ``(images,)``: what the made-up networks try to tell.
        readers: The second axis of `votes`.
        votes: Shape ``(images, readers, k)``.
        references: The reference standard of all images under each policy.
    """

    dataset: str
    site: Literal["source", "external"]
    reader: str
    training_policy: str | None
    classes: tuple[str, ...]
    names: tuple[NameMatch, ...]
    policies: tuple[Policy, ...]
    images: pd.DataFrame
    kept: int
    truth: npt.NDArray[np.int8]
    readers: tuple[str, ...]
    votes: Votes
    references: Mapping[str, Reference]


def internal(size: Size, *, rng: np.random.Generator) -> DrawnSite:
    """The hospital that was trained at: three of ten readers look at an image, patients are not recorded."""
    n = size.internal + size.internal_left_out
    truth = _truth(n, INTERNAL_MIX, size=size, rng=rng)
    votes = _readings(truth, size=size, rng=rng)
    ids = np.array([row.tobytes().hex() for row in rng.integers(0, 256, (n, 16), np.uint8)], object)
    images = _images(ids, kept=size.internal, rng=rng, patients=None, suffix=".dicom", left_out=("cap",))
    images["view"] = "PA"
    images = _as_recorded(images, size=size)
    policies = vinbigdata_policies.policies(size.classes)
    return DrawnSite(
        dataset="vinbigdata",
        site="source",
        reader="vinbigdata",
        training_policy="dominant",
        classes=size.classes,
        names=_names(vinbigdata_names.names(vinbigdata_names.KAGGLE_FINDINGS, classes=FINDINGS), size=size),
        policies=policies,
        images=images,
        kept=size.internal,
        truth=truth,
        readers=INTERNAL_READERS,
        votes=votes,
        references={policy.name: labels.apply(policy, votes) for policy in policies},
    )


def external(size: Size, *, rng: np.random.Generator) -> DrawnSite:
    """The other hospital: one labeler, two images a patient, lateral images and a sample left out."""
    n = size.external + size.external_left_out
    truth = _truth(n, EXTERNAL_MIX, size=size, rng=rng)
    votes = _labelled(truth, size=size, rng=rng)
    patients = np.array([f"patient{number:06d}" for number in np.arange(n) // _IMAGES_PER_PATIENT], object)
    studies = np.arange(n) % _IMAGES_PER_PATIENT + 1
    pairs = zip(patients, studies, strict=True)
    ids = np.array([f"train/{patient}/study{study}/view1_frontal" for patient, study in pairs], object)
    left_out = ("view", *("sample",) * 4)
    images = _images(ids, kept=size.external, rng=rng, patients=patients, suffix=".jpg", left_out=left_out)
    images["view"] = np.where(rng.random(n) < 0.8, "AP", "PA")
    images.loc[images["left_out"] == "view", "view"] = "lateral"
    images = _as_recorded(images, size=size)
    policies = chexpert_policies.policies(size.classes)
    return DrawnSite(
        dataset="chexpert_train",
        site="external",
        reader="chexpert",
        training_policy=None,
        classes=size.classes,
        names=_names(chexpert_names.names(FINDINGS), size=size),
        policies=policies,
        images=images,
        kept=size.external,
        truth=truth,
        readers=(LABELER,),
        votes=votes,
        references={policy.name: labels.apply(policy, votes) for policy in policies},
    )


def _names(own: tuple[NameMatch, ...], *, size: Size) -> tuple[NameMatch, ...]:
    """A dataset's own names; for other classes than the six, the names of the classes."""
    if size.classes == FINDINGS:
        return own
    return tuple(
        NameMatch(finding=finding, class_index=index, grade="exact", reason="The same name.")
        for index, finding in enumerate(size.classes)
    )


def _truth(n: int, mix: tuple[float, ...], *, size: Size, rng: np.random.Generator) -> npt.NDArray[np.int8]:
    shares = np.resize(mix, len(size.classes)) * [finding != size.without for finding in size.classes]
    return rng.choice(len(size.classes), size=n, p=shares / shares.sum()).astype(np.int8)


def _readings(truth: npt.NDArray[np.int8], *, size: Size, rng: np.random.Generator) -> Votes:
    n, k, nothing = len(truth), len(size.classes), no_finding(size.classes)
    likely = np.where(truth[:, None] == np.arange(k), 0.88, 0.04 * _rareness(k))
    marked = rng.random((n, _READERS_PER_IMAGE, k), np.float32) < likely[:, None]
    marked &= np.array([finding != size.without for finding in size.classes])
    if nothing is not None:
        marked[..., nothing] = ~np.delete(marked, nothing, axis=2).any(axis=2)
    first = rng.integers(0, len(INTERNAL_READERS), n)
    votes = np.full((n, len(INTERNAL_READERS), k), np.nan, np.float32)
    for turn in range(_READERS_PER_IMAGE):
        votes[np.arange(n), (first + 3 * turn) % len(INTERNAL_READERS)] = marked[:, turn]
    return votes


def _labelled(truth: npt.NDArray[np.int8], *, size: Size, rng: np.random.Generator) -> Votes:
    n, k, nothing = len(truth), len(size.classes), no_finding(size.classes)
    drawn = rng.random((n, k), np.float32)
    limits = np.array([0.04, 0.065]) * _rareness(k)
    said = np.select([drawn < limits[0], drawn < limits[1], drawn < 0.25], [1, -1, 0], np.nan).astype(np.float32)
    rows = np.arange(n)
    said[rows, truth] = np.where(drawn[rows, truth] < 0.95, 1, -1)
    if nothing is not None:
        healthy, others = truth == nothing, np.arange(k) != nothing
        said[:, nothing] = np.where(healthy, 1, np.where(drawn[:, nothing] < 0.2, 0, np.nan))
        said[np.ix_(healthy, others)] = np.where(drawn[np.ix_(healthy, others)] < 0.25, 0, np.nan)
    said[:, [finding == size.without for finding in size.classes]] = np.nan
    return said[:, None, :]


def _as_recorded(images: pd.DataFrame, *, size: Size) -> pd.DataFrame:
    nothing = {"view": None, "sex": None, "age_years": np.nan}
    return images if size.is_described else images.assign(**nothing)


def _rareness(k: int) -> float:
    """Of many classes an image must not show several just because they are many."""
    return min(1.0, len(FINDINGS) / k)


def _images(
    ids: npt.NDArray[np.object_],
    *,
    kept: int,
    rng: np.random.Generator,
    patients: npt.NDArray[np.object_] | None,
    suffix: str,
    left_out: tuple[str, ...],
) -> pd.DataFrame:
    n = len(ids)
    reasons = np.array([None] * kept + [left_out[i % len(left_out)] for i in range(n - kept)], object)
    was_read = np.arange(n) < kept
    hashes = np.array([row.tobytes().hex() for row in rng.integers(0, 256, (n, 16), np.uint8)], object)
    age = rng.normal(58, 17, n).clip(0, 95).round().astype(np.float32)
    return pd.DataFrame(
        {
            "image_id": ids,
            "patient_id": np.full(n, None, object) if patients is None else patients,
            "file": ids + suffix,
            "content_hash": pd.Series("blake3:" + hashes).where(was_read, None),
            "picture_hash": pd.Series("blake3:" + hashes[::-1]).where(was_read, None),
            "view": np.full(n, None, object),
            "sex": rng.choice(np.array(["F", "M", None], object), size=n, p=(0.45, 0.45, 0.1)),
            "age_years": np.where(rng.random(n) < 0.1, np.nan, age),
            "width": np.where(was_read, 320, np.nan),
            "height": np.where(was_read, 390, np.nan),
            "left_out": reasons,
        }
    )
