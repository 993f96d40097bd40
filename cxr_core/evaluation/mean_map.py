"""The rows of the table `mean_map`: where an ensemble looks on average when it recognizes, misses or mistakes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cxr_core.findings import no_finding
from cxr_core.images.pixels import Images

Outcome = Literal["recognized", "missed", "false_alarm"]
Mask = npt.NDArray[np.bool_]

FEWEST_IMAGES = 10
"""Below this many images a mean image shows a patient, and is left out."""

_BATCH = 256


@dataclass(frozen=True, kw_only=True)
class Group:
    """Images that share the presence of a finding and an outcome under one policy.

    Attributes:
        policy: The label policy.
        role: The role of the predictions.
        finding: The index of a class, never that of ``No Finding``.
        outcome: ``recognized`` and ``missed``: it is present; ``false_alarm``: it was answered and is absent.
        images: Mask of shape ``(n,)``.
    """

    policy: str
    role: str
    finding: int
    outcome: Outcome
    images: Mask


def groups(
    names: Sequence[str],
    *,
    present: Mapping[str, npt.NDArray[np.int8]],
    role: npt.NDArray[np.object_],
    answered: Mask,
) -> Iterator[Group]:
    """The groups that hold at least one image.

    Args:
        names: What the classes are called.
        present: From policy to presence of shape ``(n, k)``: 1, 0, -1 unknown; such an image is in no group.
        role: Shape ``(n,)``.
        answered: Which findings the model answers, shape ``(n, k)``: the predicted class, or those from a threshold up.
    """
    located = [index for index in range(len(names)) if index != no_finding(names)]
    for policy, of_policy in present.items():
        for one in sorted(set(role.tolist())):
            here = role == one
            for finding in located:
                known, said = of_policy[:, finding], answered[:, finding]
                outcomes: dict[Outcome, Mask] = {
                    "recognized": (known == 1) & said,
                    "missed": (known == 1) & ~said,
                    "false_alarm": (known == 0) & said,
                }
                for outcome, images in outcomes.items():
                    if (here & images).any():
                        yield Group(policy=policy, role=one, finding=finding, outcome=outcome, images=here & images)


def of_classes(classes: npt.NDArray[np.int8], *, count: int) -> npt.NDArray[np.int8]:
    """Presence where one class excludes the others.

    Args:
        classes: Shape ``(n,)``, -1 for none.
        count: How many classes there are, k.

    Returns:
        Shape ``(n, k)``: 1, 0; -1 for an image without a class.
    """
    present = (classes[:, np.newaxis] == np.arange(count)).astype(np.int8)
    return np.where(classes[:, np.newaxis] >= 0, present, np.int8(-1))


def mean_maps(groups: list[Group], maps: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The mean of each group's maps of its finding, each of them scaled to its own maximum.

    Args:
        groups: g groups.
        maps: Shape ``(n, k, h, w)``, 255 at each map's own maximum.

    Returns:
        Shape ``(g, h, w)``; 255 would mean that every image of the group has its maximum there.
    """
    means = [maps[group.images, group.finding].mean(axis=0, dtype=np.float64) for group in groups]
    return np.round(np.stack(means)).astype(np.uint8)


def mean_images(groups: list[Group], images: Images) -> list[npt.NDArray[np.uint8] | None]:
    """The mean image of each group, None where it has too few images to be nobody's.

    Args:
        groups: g groups.
        images: The n harmonized images.

    Returns:
        Arrays of shape ``(height, width)``, or None.
    """
    wanted = [group.images if group.images.sum() >= FEWEST_IMAGES else np.zeros_like(group.images) for group in groups]
    weights = np.stack(wanted).astype(np.float32)
    rows = np.flatnonzero(weights.any(axis=0))
    total: npt.NDArray[np.float32] | None = None
    for start in range(0, rows.size, _BATCH):
        batch = rows[start : start + _BATCH]
        pixels = images.take(batch).astype(np.float32)
        summed = np.tensordot(weights[:, batch], pixels, axes=1)
        total = summed if total is None else total + summed
    counts = weights.sum(axis=1)
    return [
        np.round(total[i] / counts[i]).astype(np.uint8) if total is not None and counts[i] else None
        for i in range(len(groups))
    ]
