"""Rows of the results file's tables, from a run's datasets and models."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from cxr_core.manifest import Manifest, Reference
from cxr_core.store import write

REASON_LENGTH = 500
"""Characters in a reason; schema.sql has the rule."""

PATH_LENGTH = 1000
"""Characters in the path of a file; schema.sql has the rule."""


def policies(manifest: Manifest, *, described: Mapping[str, str]) -> pd.DataFrame:
    """Rows of `policy`, each with what it does on this dataset."""
    return pd.DataFrame(
        {
            "dataset": manifest.dataset,
            "policy": [policy.name for policy in manifest.policies],
            "is_default": [policy.is_default for policy in manifest.policies],
            "description": [described[policy.name] for policy in manifest.policies],
        }
    )


def name_matches(manifest: Manifest) -> pd.DataFrame:
    """Rows of `name_match`."""
    return pd.DataFrame(
        {
            "dataset": manifest.dataset,
            "finding": [match.finding for match in manifest.names],
            "class": [match.class_index for match in manifest.names],
            "grade": [match.grade for match in manifest.names],
            "reason": [match.reason for match in manifest.names],
        }
    )


def raw_labels(manifest: Manifest, images: pd.DataFrame) -> pd.DataFrame:
    """Rows of `raw_label`, of the images that were not rejected."""
    labels = manifest.labels[manifest.labels["image_id"].isin(images["image_id"])]
    return labels.assign(dataset=manifest.dataset)


def boxes(manifest: Manifest, images: pd.DataFrame) -> pd.DataFrame:
    """Rows of `box`: from pixels to fractions of the image; what reaches over its edge ends at the edge.

    A box without a frame of its own is in pixels of the image file; one whose image was never read has no size to be a
    fraction of, and no row.
    """
    boxes = manifest.boxes.merge(images[["image_id", "width", "height"]], on="image_id")
    width = boxes["frame_width"].fillna(boxes["width"]).astype("float64")
    height = boxes["frame_height"].fillna(boxes["height"]).astype("float64")
    fractions = pd.DataFrame(
        {
            "dataset": manifest.dataset,
            **{name: boxes[name].astype("str") for name in ("image_id", "finding", "reader")},
            **{name: (boxes[name] / width).clip(0, 1) for name in ("x0", "x1")},
            **{name: (boxes[name] / height).clip(0, 1) for name in ("y0", "y1")},
        }
    )
    return fractions[width.notna() & height.notna()]


def references(dataset: str, images: pd.DataFrame, found: Mapping[str, Reference]) -> list[pa.Table]:
    """Rows of `reference`, a table per policy."""
    return [
        pa.table(
            {
                "dataset": write.repeated(dataset, len(images)),
                "policy": write.repeated(policy, len(images)),
                "image_id": pa.array(images["image_id"].to_numpy(object), pa.string()),
                "class": pa.array(reference.classes, mask=reference.classes < 0),
                "left_out": pa.array(reference.left_out, pa.string()),
                "present": write.lists(reference.present),
            }
        )
        for policy, reference in found.items()
    ]


def rejected(dataset: str, found: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Rows of `rejected`; of a reason the beginning, of a path the end, as much as the schema takes."""
    rows = [(dataset, file[-PATH_LENGTH:], cut(reason, REASON_LENGTH)) for file, reason in found]
    return pd.DataFrame(rows, columns=["dataset", "file", "reason"])


def cut(text: str, length: int) -> str:
    """A text of at most so many characters; where it is cut, three points say so."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


def predictions(
    model_id: str,
    dataset: str,
    image_ids: npt.NDArray[np.object_],
    *,
    role: npt.NDArray[np.object_],
    predicted: npt.NDArray[np.int8] | None = None,
    probability: npt.NDArray[np.float32] | None = None,
    flagged: npt.NDArray[np.float32] | None = None,
) -> pa.Table:
    """Rows of `prediction`, one per image.

    Args:
        model_id: Whose.
        dataset: Of which images.
        image_ids: Which images, n of them.
        role: Shape ``(n,)``.
        predicted: Shape ``(n,)``, a class each; None: one does not exclude the others.
        probability: Shape ``(n, k)``, each in [0, 1] or NaN, nothing is said; None: there are flags alone.
        flagged: Shape ``(n, k)``, each 1, 0 or NaN; None: there are none.
    """
    columns = {
        "predicted": None if predicted is None else pa.array(predicted),
        "probability": None if probability is None else write.lists(probability),
        "flagged": None if flagged is None else write.lists(flagged),
    }
    return pa.table(
        {
            **_of(model_id, dataset, image_ids),
            "role": pa.array(role, pa.string()),
            **{name: column for name, column in columns.items() if column is not None},
        }
    )


def thresholds(
    model_id: str,
    values: Mapping[str, float],
    *,
    operating_point: str,
    chosen_on: tuple[str, str] | None = None,
) -> pa.Table:
    """Rows of `threshold`, one per finding.

    Args:
        model_id: Whose.
        values: From finding to the score from which it is flagged.
        operating_point: What they were chosen by: ``stated`` where they came with the model.
        chosen_on: The dataset and the role of the images that they were chosen on; None: on none of this run.
    """
    on = None if chosen_on is None else dict(zip(("dataset", "role"), chosen_on, strict=True))
    kind = pa.struct([("dataset", pa.string()), ("role", pa.string())])
    return pa.table(
        {
            "model_id": write.repeated(model_id, len(values)),
            "finding": pa.array(list(values), pa.string()),
            "operating_point": write.repeated(operating_point, len(values)),
            "value": pa.array(list(values.values()), pa.float64()),
            "chosen_on": pa.array([on] * len(values), kind),
        }
    )


def features(
    model_id: str, dataset: str, image_ids: npt.NDArray[np.object_], *, vectors: npt.NDArray[np.float32]
) -> pa.Table:
    """Rows of `feature`, one per image."""
    return pa.table({**_of(model_id, dataset, image_ids), "vector": write.lists(vectors)})


def saliency(
    model_id: str,
    dataset: str,
    image_ids: npt.NDArray[np.object_],
    *,
    method: str,
    maps: npt.NDArray[np.uint8],
    scale: npt.NDArray[np.float32],
) -> pa.Table:
    """Rows of `saliency`, one per image; maps of shape ``(n, k, height, width)``."""
    count, _, height, width = maps.shape
    return pa.table(
        {
            **_of(model_id, dataset, image_ids),
            "method": write.repeated(method, count),
            "height": pa.array(np.full(count, height, np.int16)),
            "width": pa.array(np.full(count, width, np.int16)),
            "maps": write.blobs(maps),
            "scale": write.lists(scale),
        }
    )


def _of(model_id: str, dataset: str, image_ids: npt.NDArray[np.object_]) -> dict[str, pa.Array]:
    return {
        "model_id": write.repeated(model_id, len(image_ids)),
        "dataset": write.repeated(dataset, len(image_ids)),
        "image_id": pa.array(image_ids, pa.string()),
    }
