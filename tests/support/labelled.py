"""A small made-up dataset: images by the names of their files, or studies, and what is labelled of each."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from cxr_core.datasets.chexpert.policies import policies
from cxr_core.datasets.frames import image_frame, label_frame, no_boxes
from cxr_core.manifest import ATTRIBUTE_COLUMNS, Manifest, NameMatch

CLASSES = ("Edema", "Mass")


def manifest(
    files: Sequence[str | None],
    *,
    dataset: str = "home",
    studies: Sequence[str | None] | None = None,
    values: Sequence[Sequence[float]] | None = None,
    private: bool = False,
    view: Sequence[str | None] | None = None,
    age_years: Sequence[float] | None = None,
    attributes: Sequence[tuple[str, str, str]] = (),
) -> Manifest:
    """The dataset, whose images are called after it and numbered, in the order of `files`.

    Args:
        files: Of each image; None for all where each row is a study.
        dataset: Its name.
        studies: Of each image, None for one that is not known.
        values: Shape ``(images, 2)``, of `CLASSES`; absent in all images unless given.
        private: Whether files and studies are pseudonyms, with their own names beside.
        view: Of each image.
        age_years: Of each image.
        attributes: Image, name and value of each.
    """
    count = len(files)
    ids = [f"{dataset}-{number}" for number in range(count)]
    hidden = [None if study is None else f"hidden-{study}" for study in studies] if studies and private else studies
    if studies and files == [None] * count:
        ids = [str(study) for study in hidden]
    given = np.zeros((count, 2), np.float32) if values is None else np.array(values, np.float32)
    return Manifest(
        dataset=dataset,
        reader="table",
        root=Path(),
        images=image_frame(
            image_id=ids,
            file=[file and (f"hash{at}" if private else file) for at, file in enumerate(files)],
            study_id=None if hidden is None else np.array(hidden, object),
            view=None if view is None else np.array(view, object),
            age_years=None if age_years is None else np.array(age_years),
        ),
        labels=label_frame(
            given, image_ids=ids, image=np.arange(count), findings=CLASSES, readers=("R",), reader=np.zeros(count, int)
        ),
        boxes=no_boxes(),
        classes=CLASSES,
        names=tuple(
            NameMatch(finding=name, class_index=at, grade="exact", reason="") for at, name in enumerate(CLASSES)
        ),
        policies=policies(CLASSES),
        attributes=pd.DataFrame(list(attributes), columns=list(ATTRIBUTE_COLUMNS)).astype("str"),
        private_files={i: file for i, file in zip(ids, files, strict=True) if file} if private else {},
        private_studies=dict(zip(ids, studies, strict=True)) if private and studies else {},
    )
