"""From images to studies: of a dataset, and of predictions."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from cxr_core.brought import faults
from cxr_core.brought.blocks import units
from cxr_core.brought.ids import own_studies
from cxr_core.brought.records import ModelOutputs, Numbers, Positions, Words
from cxr_core.datasets.frames import no_boxes
from cxr_core.manifest import ATTRIBUTE_COLUMNS, Manifest

Way = Literal["mean", "max"]

_RANKED = (np.nan, 0.0, -1.0, 1.0)
"""Raw values from what says least to what says most, as `labels.votes` counts them."""


def is_per_study(manifest: Manifest) -> bool:
    """Whether a dataset's rows are studies: without files, and each its own study."""
    images = manifest.images
    return bool(len(images) and images["file"].isna().all() and (images["image_id"] == images["study_id"]).all())


def by_study(manifest: Manifest) -> Manifest:
    """A dataset with a study where it had images, in the order of their first images.

    Labels of a reader combine as in `labels.votes`: present before uncertain, uncertain before absent, absent before
    blank. What images of a study say differently of patient, view, sex, age or an attribute is not recorded. Images
    without a study are left out, and boxes.

    Args:
        manifest: The dataset.
    """
    images = manifest.images
    kept = images["study_id"].notna().to_numpy()
    codes, studies = pd.factorize(images["study_id"])
    ids = pd.Series(studies, dtype="str")
    study_of = dict(zip(images["image_id"][kept], images["study_id"][kept], strict=True))
    own = own_studies(manifest)[kept]
    left_out = int((~kept).sum())
    notes = (f"Images whose study is not known, left out where a study is the unit: {left_out}.",) if left_out else ()
    return replace(
        manifest,
        images=_images(images[kept], codes[kept], ids),
        labels=_labels(manifest.labels, study_of, ids),
        boxes=no_boxes(),
        attributes=_attributes(manifest.attributes, study_of),
        notes=(*manifest.notes, *notes),
        private_files={},
        private_studies=dict(zip(images["study_id"][kept], own, strict=True)) if manifest.private_studies else {},
    )


def per_study(predictions: ModelOutputs, *, study: Words, how: Way) -> ModelOutputs:
    """One row a study: the mean or the highest of the scores of its images, and flagged where one of them is.

    With the mean, flags are left out, since they have none: the threshold decides.

    Args:
        predictions: Of n images.
        study: Shape ``(n,)``, which study each is of, None where it is not known: such a row is left out.
        how: How scores become one; a score that is missing does not count.

    Raises:
        SettingsError: If a mean is asked where these images have flags alone.
    """
    kept = np.flatnonzero(pd.notna(study))
    if how == "mean" and not _any(predictions.probability, kept) and _any(predictions.flagged, kept):
        raise faults.flags_have_no_mean(predictions.model)
    unit, first = units(study[kept], predictions.datasets[kept])
    rows = kept[first]
    flagged = None if how == "mean" else predictions.flagged
    return replace(
        predictions,
        ids=study[rows],
        studies=study[rows],
        datasets=predictions.datasets[rows],
        rows=predictions.rows.take(rows),
        probability=_reduced(predictions.probability, kept, unit, how=how),
        flagged=_reduced(flagged, kept, unit, how="max"),
    )


def _any(values: Numbers | None, rows: Positions) -> bool:
    return values is not None and bool(np.isfinite(values[rows]).any())


def _reduced(values: Numbers | None, kept: Positions, unit: Positions, *, how: Way) -> Numbers | None:
    if values is None:
        return None
    groups = pd.DataFrame(values[kept].astype(np.float64)).groupby(unit, sort=True)
    reduced = groups.mean() if how == "mean" else groups.max()
    return reduced.to_numpy(dtype=np.float32)


def _images(images: pd.DataFrame, codes: Positions, ids: "pd.Series[str]") -> pd.DataFrame:
    columns: dict[str, object] = {"image_id": ids}
    for name in images.columns[1:]:
        if name == "study_id":
            columns[name] = ids.astype(object)
        elif name == "file":
            columns[name] = pd.Series([None] * len(ids), dtype="str")
        else:
            columns[name] = _agreed(images[name], codes, len(ids))
    return pd.DataFrame(columns)[list(images.columns)]


def _agreed(values: pd.Series, codes: Positions, count: int) -> pd.Series:
    """The value on which all images of a study agree, else None or NaN."""
    known, distinct = pd.factorize(values, use_na_sentinel=True)
    lowest, highest = np.full(count, len(distinct)), np.full(count, -1)
    np.minimum.at(lowest, codes, known)
    np.maximum.at(highest, codes, known)
    agreed = np.where(lowest == highest, highest, -1)
    if values.dtype == np.float64:
        return pd.Series(np.append(np.asarray(distinct, dtype=np.float64), np.nan)[agreed])
    return pd.Series(np.append(np.asarray(distinct, dtype=object), [None])[agreed], dtype=object)


def _labels(labels: pd.DataFrame, study_of: dict[str, str], ids: "pd.Series[str]") -> pd.DataFrame:
    image, finding, reader = (labels[name].astype("category") for name in ("image_id", "finding", "reader"))
    study = pd.Index(ids).get_indexer(pd.Index(image.cat.categories.map(study_of)))[image.cat.codes]
    kept = study >= 0
    findings, readers = len(finding.cat.categories), len(reader.cat.categories)
    cell = (study[kept] * readers + reader.cat.codes.to_numpy()[kept]) * findings + finding.cat.codes.to_numpy()[kept]
    codes, cells = pd.factorize(cell, sort=True)
    values = labels["value"].to_numpy(dtype=np.float32)[kept]
    ranks = np.select([values == value for value in _RANKED[1:]], [1, 2, 3], 0)
    best = np.zeros(len(cells), dtype=np.int64)
    np.maximum.at(best, codes, ranks)
    return pd.DataFrame(
        {
            "image_id": pd.Categorical.from_codes(cells // (findings * readers), categories=pd.Index(ids)),
            "finding": pd.Categorical.from_codes(cells % findings, categories=finding.cat.categories),
            "reader": pd.Categorical.from_codes(cells // findings % readers, categories=reader.cat.categories),
            "value": np.array(_RANKED, dtype=np.float32)[best],
        }
    )


def _attributes(attributes: pd.DataFrame, study_of: dict[str, str]) -> pd.DataFrame:
    """Those that all images of a study have, and alike."""
    images = pd.Series(study_of).value_counts()
    moved = attributes.assign(image_id=attributes["image_id"].map(study_of)).dropna(subset=["image_id"])
    alike = moved.groupby(["image_id", "name", "value"], sort=False, observed=True).size().reset_index(name="images")
    kept = alike["images"].to_numpy() == images.reindex(alike["image_id"]).to_numpy()
    found: pd.DataFrame = alike.loc[kept, list(ATTRIBUTE_COLUMNS)]
    return found.astype("str").reset_index(drop=True)
