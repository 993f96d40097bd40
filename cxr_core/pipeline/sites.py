"""The datasets of a run, with their sites and roles."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from cxr_core import roots
from cxr_core.datasets import registry
from cxr_core.errors import SettingsError
from cxr_core.manifest import Manifest, Reference, no_attributes
from cxr_core.pipeline.workspace import Workspace
from cxr_core.settings import Role
from cxr_core.splits import Mask

SiteName = Literal["source", "validation", "external"]
Unit = Literal["image", "study"]
RoleBasis = Literal["computed", "declared", "not_known"]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A dataset with its place in the run, before its images are read.

    Attributes:
        manifest: As the reader found it.
        site: As in `Dataset`.
        role: As in `Dataset`.
        unit: As in `Dataset`.
        role_basis: As in `Dataset`.
        needs_images: Whether an image without a readable file has no part in the run.
    """

    manifest: Manifest
    site: SiteName
    role: Role
    unit: Unit | None = None
    role_basis: RoleBasis | None = None
    needs_images: bool = True


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One dataset of a run, with its images at hand.

    Attributes:
        manifest: As the reader found it.
        site: ``source``, ``validation`` or ``external``.
        role: ``train`` for the dataset that is trained on, ``internal_test`` for the source's own test sets, else
            ``external_test``.
        images: The columns of the table `image` without ``dataset``, one row per image that was not rejected.
        references: From policy to the reference standard of those rows.
        described: From policy to what it does, on those rows.
        rejected: Files set aside, with the reason.
        unit: What a row of `images` is, None for an image.
        role_basis: What the role rests on, None for the run's own split.
        attributes: One row per image and attribute, columns `ATTRIBUTE_COLUMNS`, of the same images.
        synthetic: Whether a marker beside the images or any of their headers says that a computer drew them.
        notes: What was guessed or passed over in its files, a sentence each.
    """

    manifest: Manifest
    site: SiteName
    role: Role
    images: pd.DataFrame
    references: Mapping[str, Reference]
    described: Mapping[str, str]
    rejected: tuple[tuple[str, str], ...]
    unit: Unit | None = None
    role_basis: RoleBasis | None = None
    attributes: pd.DataFrame = field(default_factory=no_attributes)
    synthetic: bool = False
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The dataset's name in the results."""
        return self.manifest.dataset

    @property
    def at_hand(self) -> Mask:
        """Which rows have pixels: those not left out by view or sample."""
        return self.images["content_hash"].notna().to_numpy()


def read(
    spec: str,
    *,
    classes: Sequence[str],
    default: str | None,
    workspace: Workspace,
    attributes: Sequence[str] = (),
    needs_images: bool = True,
) -> tuple[Manifest, ...]:
    """The datasets that `NAME:DIR` names, or a bare `DIR` where a default reader is known, or a bare known `NAME`.

    Args:
        spec: As typed.
        classes: What the run's classes are called.
        default: The reader of a bare folder, None where the reader must be named.
        workspace: For the cache that notes where datasets lie and keeps the keys of private ones.
        attributes: Further columns of a table that are to be taken; a table without one says so.
        needs_images: Whether a table's images must be there.

    Raises:
        SettingsError: If the reader or the folder is not known.
        DataError: If the folder does not hold what the reader expects.
    """
    name, root, is_typed = _located(spec, default=default, workspace=workspace)
    manifests = registry.read(
        name,
        root,
        classes=classes,
        private=workspace.private,
        attributes=attributes,
        needs_images=needs_images,
    )
    if not is_typed:
        return manifests
    for known in {name, *(manifest.dataset for manifest in manifests)} - {"table"}:
        roots.note(workspace.cache, dataset=known, root=root)
    return manifests


def check_attributes(typed: Sequence[str], manifests: Sequence[Manifest]) -> None:
    """Refuses attributes that no dataset has: one that is misspelt must not be missing in silence.

    Raises:
        SettingsError: If there is one.
    """
    known = {str(name) for manifest in manifests for name in manifest.attributes["name"].unique()}
    missing = [name for name in typed if unicodedata.normalize("NFC", name).strip().lower() not in known]
    if missing:
        raise SettingsError(
            f"--attribute {missing[0]}: no table has such a column, or it is blank wherever there is one. What is said "
            "above of each table names the columns that it has."
        )


def planned(manifests: Sequence[Manifest], *, site: SiteName) -> list[Planned]:
    """The datasets of a site with their roles: the source's first is trained on, its others are its own test sets."""
    if site == "external":
        return [Planned(manifest=manifest, site=site, role="external_test") for manifest in manifests]
    return [
        Planned(manifest=manifest, site=site, role="internal_test" if i else "train")
        for i, manifest in enumerate(manifests)
    ]


def check_names(manifests: Sequence[Manifest]) -> None:
    """Refuses two datasets of one name, which results could not tell apart.

    Raises:
        SettingsError: If a name occurs twice.
    """
    names = [manifest.dataset for manifest in manifests]
    if twice := {name for name in names if names.count(name) > 1}:
        raise SettingsError(
            f"The dataset {min(twice)!r} is named twice, and sites must differ. Leave one out, or rename a table."
        )


def check(datasets: Sequence[Planned], *, classes: Sequence[str]) -> None:
    """Refuses two datasets of one name, which results could not tell apart, other classes, and training on a test set.

    Args:
        datasets: All of a run.
        classes: The run's.

    Raises:
        SettingsError: If a name occurs twice, a dataset was read for other classes, or the source brings only a test
            set.
    """
    check_names([planned.manifest for planned in datasets])
    if others := [planned.manifest.dataset for planned in datasets if planned.manifest.classes != tuple(classes)]:
        raise SettingsError(
            f"{others[0]} was read for other classes than the run's, {', '.join(classes)}. Read it for those."
        )
    if tests := [
        planned.manifest.dataset for planned in datasets if planned.role == "train" and planned.manifest.official_test
    ]:
        raise SettingsError(
            f"{tests[0]} is a test set and is never trained on. Bring the table of the training set too."
        )


def _located(spec: str, *, default: str | None, workspace: Workspace) -> tuple[str, Path, bool]:
    """The reader, the folder, and whether the folder was typed."""
    name, colon, folder = spec.partition(":")
    known = ", ".join(registry.READERS)
    if colon and not folder:
        raise SettingsError(f"Expected NAME:DIR, found {spec!r} without a folder.")
    if colon and name in registry.READERS:
        return name, Path(folder), True
    if spec in registry.READERS:
        if (root := roots.find(workspace.cache, spec)) is None:
            raise SettingsError(
                f"Where {spec} lies is not known yet. Give {spec}:DIR, or set SECOND_SITE_DATA={spec}=DIR."
            )
        return spec, root, False
    if default is not None:
        return default, Path(spec), True
    of_table = f" Of a table of your own give table:{spec}." if Path(spec).is_file() else ""
    raise SettingsError(f"Expected NAME:DIR with NAME one of {known}; found {spec!r}.{of_table}")
