"""The training data of brought models, as far as it is declared, and the roles that follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cxr_core import files
from cxr_core.contamination import shared_with
from cxr_core.datasets.tables import read_table
from cxr_core.errors import DataError
from cxr_core.pipeline.sites import Dataset

_COLUMNS = ("image", "path", "image_id", "image index", "filename", "file", "id", "patient", "patient_id", "patientid")


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """What is declared of the images that models were trained on.

    Attributes:
        named: Data sets, as typed.
        listed: A file of images or patients, None where there is none.
        data_sets: From a dataset of the run to the public data set whose images it holds, where that is said.
    """

    named: tuple[str, ...] = ()
    listed: Path | None = None
    data_sets: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_declared(self) -> bool:
        """Whether anything is."""
        return bool(self.named) or self.listed is not None

    def as_dict(self) -> dict[str, object]:
        """Everything, without a path of this machine."""
        listed = None if self.listed is None else files.digest(self.listed)
        return {"named": list(self.named), "listed": listed, "data_sets": dict(self.data_sets)}

    def roles(self, datasets: Sequence[Dataset]) -> tuple[dict[str, npt.NDArray[np.object_]], tuple[str, ...]]:
        """The role of each image of each dataset, and what is to be said of it.

        An external site of a named data set is ``train``; an internal one is held out by declaration. An image that is
        listed, or whose patient is, or whose exposure is that of such an image, is ``train`` wherever it is.

        Raises:
            DataError: If the list cannot be read.
        """
        known = set() if self.listed is None else _listed(self.listed)
        trained = {dataset.name: _is_listed(dataset, known) for dataset in datasets}
        seen = {
            content
            for dataset in datasets
            for content in dataset.images["content_hash"][trained[dataset.name]].dropna()
        }
        found, notes = {}, []
        for dataset in datasets:
            role = np.full(len(dataset.images), dataset.role, object)
            typed = shared_with(self.data_sets.get(dataset.name, dataset.name), trained_on=self.named)
            if typed is not None and dataset.site == "external":
                role[:] = "train"
                notes.append(
                    f"{dataset.name}: its images are, or may be, of {typed}, which the model is said to be trained on: "
                    "no test."
                )
            of_list = trained[dataset.name] | dataset.images["content_hash"].isin(seen).to_numpy(np.bool_)
            role[of_list] = "train"
            if of_list.any():
                notes.append(
                    f"{dataset.name}: {int(of_list.sum()):,} of {len(role):,} were trained on, by the list or by the "
                    "content of their files: no test."
                )
            found[dataset.name] = role
        if known and not any(of_list.any() for of_list in trained.values()):
            notes.append(
                f"None of the {len(known):,} names in the list of --trained-images is of an image or patient here. "
                "Where some should be, spell them as the labels do."
            )
        if not self.is_declared:
            notes.append(
                "What the model was trained on is not known: whether these are tests at all rests on whoever brought "
                "the predictions. Declare it with --trained-on or --trained-images."
            )
        return found, tuple(notes)


def _listed(path: Path) -> set[str]:
    table = read_table(path, required=(), private=True)
    columns = [str(name) for name in table.cells]
    column = next((name for name in _COLUMNS if name in columns), columns[0] if len(columns) == 1 else None)
    if column is None:
        raise DataError(
            f"{path}:1: expected a column image or patient, found {len(columns)} others. Name the column that holds "
            "them."
        )
    return set(table.cells[column].str.strip()) - {""}


def _is_listed(dataset: Dataset, known: set[str]) -> npt.NDArray[np.bool_]:
    images, manifest = dataset.images, dataset.manifest
    if not known:
        return np.zeros(len(images), np.bool_)
    of_image = images["image_id"]
    names = of_image.map(manifest.private_files).astype(object).fillna(images["file"]).fillna("").astype(str)
    files_alone = names.str.rpartition("/")[2]
    patients = of_image.map(manifest.private_patients).astype(object).fillna(images["patient_id"])
    studies = of_image.map(manifest.private_studies).astype(object).fillna(images["study_id"])
    forms = (of_image, names, files_alone, files_alone.str.replace(r"\.[^.]*$", "", regex=True), patients, studies)
    listed = np.zeros(len(images), np.bool_)
    for form in forms:
        listed |= form.isin(known).to_numpy(np.bool_)
    return listed
