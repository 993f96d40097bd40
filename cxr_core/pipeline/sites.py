"""The datasets of a run: read by their readers, chosen by the settings, their images brought into the cache."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core import labels, splits
from cxr_core.datasets import registry
from cxr_core.errors import DataError, SettingsError
from cxr_core.experiment import Experiment, Views
from cxr_core.images import cache
from cxr_core.manifest import Manifest, Reference
from cxr_core.pipeline import roots
from cxr_core.pipeline.place import Place
from cxr_core.settings import Role
from cxr_core.splits import Mask

SiteName = Literal["source", "external"]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A dataset with its place in the run, before its images are read."""

    manifest: Manifest
    site: SiteName
    role: Role


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One dataset of a run, with its images at hand.

    Attributes:
        manifest: As the reader found it.
        site: ``source`` or ``external``.
        role: ``train`` for the dataset that is trained on, ``internal_test`` for the source's own test sets, else
            ``external_test``.
        images: The columns of the table `image` without ``dataset``, one row per image that was not rejected.
        references: From policy to the reference standard of those rows.
        rejected: Files set aside, with the reason.
    """

    manifest: Manifest
    site: SiteName
    role: Role
    images: pd.DataFrame
    references: Mapping[str, Reference]
    rejected: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The dataset's name in the results."""
        return self.manifest.dataset

    @property
    def at_hand(self) -> Mask:
        """Which rows have pixels: those not left out by view or sample."""
        return self.images["content_hash"].notna().to_numpy()


def read(spec: str, *, default: str | None, place: Place) -> tuple[Manifest, ...]:
    """The datasets that `NAME:DIR` names, or a bare `DIR` where a default reader is known, or a bare known `NAME`.

    Args:
        spec: As typed.
        default: The reader of a bare folder, None where the reader must be named.
        place: For the cache that notes where datasets lie and keeps the keys of private ones.

    Raises:
        SettingsError: If the reader or the folder is not known.
        DataError: If the folder does not hold what the reader expects.
    """
    name, root = _located(spec, default=default, place=place)
    manifests = registry.read(name, root, private=place.private)
    for known in {name, *(manifest.dataset for manifest in manifests)} - {"table"}:
        roots.note(place.cache, dataset=known, root=root)
    return manifests


def planned(manifests: Sequence[Manifest], *, site: SiteName) -> list[Planned]:
    """The datasets of a site with their roles: the source's first is trained on, its others are its own test sets."""
    if site == "external":
        return [Planned(manifest=manifest, site=site, role="external_test") for manifest in manifests]
    return [
        Planned(manifest=manifest, site=site, role="internal_test" if i else "train")
        for i, manifest in enumerate(manifests)
    ]


def check_distinct(datasets: Sequence[Planned]) -> None:
    """Refuses two datasets of one name, which results could not tell apart.

    Raises:
        SettingsError: If a name occurs twice.
    """
    names = [one.manifest.dataset for one in datasets]
    if twice := {name for name in names if names.count(name) > 1}:
        raise SettingsError(f"The dataset {min(twice)!r} is named twice. Source and external sites must differ.")


def brought_in(datasets: Sequence[Planned], *, experiment: Experiment, place: Place) -> list[Dataset]:
    """Brings the images of every dataset into the cache, and says what was set aside."""
    print("Bringing the images to one form")
    found = [_bring_in(one, experiment=experiment, place=place) for one in datasets]
    for dataset in found:
        reasons = Counter(reason for _, reason in dataset.rejected)
        for reason, count in reasons.most_common(3):
            print(f"  {dataset.name}: {count} set aside: {reason}")
    return found


def _bring_in(one: Planned, *, experiment: Experiment, place: Place) -> Dataset:
    manifest = one.manifest
    images = manifest.images.copy()
    votes = labels.votes(manifest)
    references = {policy.name: labels.apply(policy, votes) for policy in manifest.policies}
    images["left_out"] = _left_out(manifest, references, role=one.role, experiment=experiment)
    wanted = np.flatnonzero(images["left_out"].isna())
    chosen = images.iloc[wanted]
    paths = [manifest.path(*names) for names in zip(chosen["image_id"], chosen["file"], strict=True)]
    found = cache.fill(
        paths,
        cache=place.cache,
        size_px=experiment.network.size_px,
        workers=place.workers,
        label=f"  {manifest.dataset}",
    )
    images, rejected = _merged(images, wanted, found, views=experiment.views)
    kept = images.pop("kept").to_numpy(np.bool_)
    if not images["content_hash"].notna().any():
        raise DataError(_nothing_left(manifest, rejected))
    return Dataset(
        manifest=manifest,
        site=one.site,
        role=one.role,
        images=images[kept].reset_index(drop=True),
        references={name: _subset(reference, kept) for name, reference in references.items()},
        rejected=(*manifest.rejected, *rejected),
    )


def _located(spec: str, *, default: str | None, place: Place) -> tuple[str, Path]:
    name, colon, folder = spec.partition(":")
    if colon and name in registry.READERS:
        return name, Path(folder)
    if spec in registry.READERS and (root := roots.find(place.cache, spec)) is not None:
        return spec, root
    if default is not None and spec not in registry.READERS:
        return default, Path(spec)
    known = ", ".join(registry.READERS)
    raise SettingsError(f"Expected NAME:DIR with NAME one of {known}; found {spec!r}.")


def _left_out(
    manifest: Manifest, references: Mapping[str, Reference], *, role: Role, experiment: Experiment
) -> npt.NDArray[np.object_]:
    seen = _seen(manifest.images["view"], experiment.views)
    left_out = np.full(seen.shape, None, object)
    left_out[~seen] = "view"
    if role == "external_test":
        left_out[seen & ~_sampled(manifest, references, seen, experiment=experiment)] = "sample"
    return left_out


def _seen(view: pd.Series, views: Views) -> Mask:
    """Which images a setting of views takes; a view that is not recorded may still turn up in the file's header."""
    if views == "all":
        return np.ones(len(view), np.bool_)
    if views == "frontal":
        return (view != "lateral").fillna(value=True).to_numpy(np.bool_)
    return (view.isna() | (view == views)).fillna(value=True).to_numpy(np.bool_)


def _sampled(manifest: Manifest, references: Mapping[str, Reference], seen: Mask, *, experiment: Experiment) -> Mask:
    sampled: Mask = seen.copy()
    if experiment.external_images != "all":
        patients = manifest.images["patient_id"].fillna(manifest.images["image_id"])
        groups = pd.factorize(patients, sort=True)[0].astype(np.int64)
        single = seen & (references[manifest.default_policy.name].classes >= 0)
        sampled &= splits.sample_patients(groups, single, images=experiment.external_images, seed=experiment.seed)
    if experiment.external_single_class:
        sampled &= np.any([reference.classes >= 0 for reference in references.values()], axis=0)
    return sampled


def _merged(
    images: pd.DataFrame, wanted: npt.NDArray[np.intp], found: Sequence[cache.Cached | cache.Rejected], *, views: Views
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Adds what the files say to what the tables say; the tables have the first word."""
    facts = pd.DataFrame(
        [
            (row, one.content_hash, one.width, one.height, one.view, one.sex, one.age_years)
            for row, one in zip(wanted, found, strict=True)
            if isinstance(one, cache.Cached)
        ],
        columns=["row", "content_hash", "width", "height", "header_view", "header_sex", "header_age"],
    ).set_index("row")
    rejected = [
        (str(images["file"].iat[row]), one.reason)
        for row, one in zip(wanted, found, strict=True)
        if isinstance(one, cache.Rejected)
    ]
    images = images.join(facts)
    images["view"] = images["view"].fillna(images.pop("header_view"))
    images["sex"] = images["sex"].fillna(images.pop("header_sex"))
    images["age_years"] = images["age_years"].fillna(images.pop("header_age").astype("float64"))
    images["kept"] = images["left_out"].notna() | images["content_hash"].notna()
    late = images["left_out"].isna() & images["kept"]
    wrong_view = (
        (images["view"] != views) if views in ("PA", "AP") else (views == "frontal") & (images["view"] == "lateral")
    )
    images.loc[late & wrong_view.fillna(value=True), "left_out"] = "view"
    images.loc[late & images["left_out"].notna(), "content_hash"] = None
    return images, rejected


def _subset(reference: Reference, kept: Mask) -> Reference:
    return Reference(
        classes=reference.classes[kept], left_out=reference.left_out[kept], present=reference.present[kept]
    )


def _nothing_left(manifest: Manifest, rejected: Sequence[tuple[str, str]]) -> str:
    said = f"{manifest.dataset}: of {len(manifest.images)} images in its tables none could be used"
    if rejected:
        file, reason = rejected[0]
        return f"{said}; {len(rejected)} were rejected, the first of them {file}: {reason}."
    return f"{said}: all are left out by the choice of views. Choose other --views."
