"""Inclusion of a dataset's images: by view, and at an external site by the sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core import splits
from cxr_core.experiment import Views
from cxr_core.manifest import Manifest, Reference
from cxr_core.settings import Role
from cxr_core.splits import Mask


@dataclass(frozen=True, kw_only=True)
class Inclusion:
    """The settings that decide which images take part.

    Attributes:
        views: As in `Experiment`.
        external_images: As in `Experiment`.
        seed: The run's; it draws the sample.
    """

    views: Views
    external_images: int | Literal["all"]
    seed: int


def exclusion_reasons(
    manifest: Manifest, references: Mapping[str, Reference], *, role: Role, inclusion: Inclusion
) -> npt.NDArray[np.object_]:
    """The reason for which each image is left out, before any file is read.

    Args:
        manifest: The dataset.
        references: Its reference standard under every policy.
        role: Its role; only what is ``external_test`` is sampled.
        inclusion: Views, sample and seed.

    Returns:
        Shape ``(n,)``: None, 'view' or 'sample'. A patient is sampled with all images: those without a single class
        have no part in ``single_class``, but in ``finding``.
    """
    seen = has_view(manifest.images["view"], inclusion.views)
    why = np.full(seen.shape, None, object)
    why[~seen] = "view"
    if role == "external_test":
        why[seen & ~_in_sample(manifest, references, seen, inclusion=inclusion)] = "sample"
    return why


def has_view(view: pd.Series, views: Views) -> Mask:
    """Mask of the images that a setting of views takes, shape ``(n,)``; a view that is not recorded yet may be any."""
    if views == "all":
        return np.ones(len(view), np.bool_)
    if views == "frontal":
        return (view != "lateral").fillna(value=True).to_numpy(np.bool_)
    return (view.isna() | (view == views)).fillna(value=True).to_numpy(np.bool_)


def _in_sample(manifest: Manifest, references: Mapping[str, Reference], seen: Mask, *, inclusion: Inclusion) -> Mask:
    sampled: Mask = seen.copy()
    if inclusion.external_images != "all":
        images = manifest.images
        patients = images["patient_id"].fillna(images["study_id"]).fillna(images["image_id"])
        groups = pd.factorize(patients, sort=True)[0].astype(np.int64)
        single = seen & (references[manifest.default_policy.name].classes >= 0)
        sampled &= splits.sample_patients(groups, single, images=inclusion.external_images, seed=inclusion.seed)
    return sampled
