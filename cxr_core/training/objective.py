"""What is learned: the loss of an image's labels, one class of several or the presence of each finding, and its weight.

An image's labels are a class, an integer, where one class excludes the others; else a row of presence, 1, 0 or -1
(unknown) for each finding.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from cxr_core.settings import Recipe

Label = int | tuple[int, ...]
Labels = npt.NDArray[np.int64]
"""Shape ``(n,)``: classes, -1 for none; or ``(n, k)``: presence, 1, 0, -1."""


def has_label(label: Label) -> bool:
    """Whether something can be learned from an image with it."""
    return max(label) >= 0 if isinstance(label, tuple) else label >= 0


def labelled(labels: Labels) -> npt.NDArray[np.int64]:
    """The rows from which something can be learned: those with a class, or with a finding whose presence is known."""
    known = labels >= 0
    return np.flatnonzero(known if labels.ndim == 1 else known.any(axis=1))


def as_labels(labels: Sequence[Label], *, n_classes: int) -> Labels:
    """Labels of images as an array; without images they are classes."""
    if any(isinstance(each, tuple) for each in labels):
        return np.array(labels, np.int64).reshape(len(labels), n_classes)
    return np.array(labels, np.int64)


def losses(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropies in nats, in single precision.

    Args:
        logits: Shape ``(b, k)``.
        labels: Of the same images, as `Labels`.

    Returns:
        Of classes one an image, shape ``(b,)``; of presence one for each that is known, in the order of the rows.
    """
    if labels.ndim == 1:
        return functional.cross_entropy(logits.float(), labels, reduction="none")
    known = labels >= 0
    return functional.binary_cross_entropy_with_logits(
        logits.float()[known], labels[known].to(torch.float32), reduction="none"
    )


def weights_of(labels: torch.Tensor, *, weights: torch.Tensor) -> torch.Tensor:
    """What each of the `losses` counts.

    Args:
        labels: As `Labels`.
        weights: As `class_weights` gives them.
    """
    if labels.ndim == 1:
        return weights[labels]
    image, finding = torch.nonzero(labels >= 0, as_tuple=True)
    return weights[labels[image, finding], finding]


def class_weights(labels: Labels, *, n_classes: int, recipe: Recipe) -> npt.NDArray[np.float32]:
    """What the loss of each class, or of the absence and the presence of each finding, counts.

    Args:
        labels: Of the training images.
        n_classes: How many classes there are.
        recipe: ``balanced`` weighs by inverse frequency among them, so that every class that is there counts the same
            in sum; of findings, presence as much as absence.

    Returns:
        Of classes shape ``(k,)``, of presence ``(2, k)``: absent, present. Their mean over the training labels is 1.
        What has no training image has the weight 0, which nothing asks for.
    """
    if labels.ndim == 1:
        return _balanced(np.bincount(labels, minlength=n_classes), recipe=recipe)
    counts = np.stack([(labels == value).sum(axis=0) for value in (0, 1)])
    return np.stack([_balanced(of_finding, recipe=recipe) for of_finding in counts.T], axis=1)


def _balanced(counts: npt.NDArray[np.int64], *, recipe: Recipe) -> npt.NDArray[np.float32]:
    if recipe.class_weights == "none":
        return np.ones(counts.size, np.float32)
    weights = np.zeros(counts.size, np.float32)
    there = counts > 0
    weights[there] = counts.sum() / (np.count_nonzero(there) * counts[there])
    return weights
