"""Splits by patient, drawn once per run before any policy or cap; and the images that a cap keeps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cxr_core.images import identity

Mask = npt.NDArray[np.bool_]
NEVER = -1
"""The fold of images that no model holds out."""

VALIDATION_FRACTION = 0.125
"""Of the patients outside the held-out part, where a recipe chooses something: a tenth of all under 80/20."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """One split of the source images.

    Attributes:
        groups: Shape ``(n,)``, int64: images of one patient, or of equal content, share a number and never cross
            a split.
        fold: Shape ``(n,)``, int16: the fold that holds the image out, or `NEVER`.
        validation: Shape ``(n,)``: images set apart for choosing, by every model that does not hold them out.
        shares: The share of all images that each fold holds out; what is left is `NEVER`'s.
    """

    groups: npt.NDArray[np.int64]
    fold: npt.NDArray[np.int16]
    validation: Mask
    shares: tuple[float, ...]


def linked(
    patients: Sequence[str | None], contents: Sequence[str], *, studies: Sequence[str | None] | None = None
) -> npt.NDArray[np.int64]:
    """Numbers the groups of images that must stay together.

    Args:
        patients: A pseudonym per image, None where not recorded.
        contents: The hash of each image's content, so that copies of one image stay together even without a patient.
        studies: A study per image, None where not recorded; it stands in for a patient that is not. None: nowhere.

    Returns:
        Shape ``(n,)``; equal numbers for images linked by patient, study or content, directly or through others. The
        numbers follow the order of the groups' smallest content hash, so they do not depend on the order of the images.

    Raises:
        DataError: If the hashes are of unlike kinds.
    """
    identity.check_kinds(contents)
    if not contents:
        return np.empty(0, np.int64)
    named = [
        _owner(patient, study, content)
        for patient, study, content in zip(patients, studies or [None] * len(contents), contents, strict=True)
    ]
    codes, keys = pd.factorize(np.array(named + [f"c:{content}" for content in contents], object))
    left, right = codes[: len(contents)], codes[len(contents) :]
    edges = coo_array((np.ones(len(contents)), (left, right)), shape=(keys.size, keys.size))
    component = connected_components(edges, directed=False)[1][left]
    smallest: dict[int, str] = {}
    for number, content in zip(component.tolist(), contents, strict=True):
        smallest[number] = min(content, smallest.get(number, content))
    rank = {number: position for position, number in enumerate(sorted(smallest, key=smallest.__getitem__))}
    return np.array([rank[number] for number in component.tolist()], np.int64)


def _owner(patient: str | None, study: str | None, content: str) -> str:
    if patient is not None:
        return f"p:{patient}"
    return f"c:{content}" if study is None else f"s:{study}"


def linked_images(images: pd.DataFrame, contents: Sequence[str]) -> npt.NDArray[np.int64]:
    """As `linked`, of a table of images.

    Args:
        images: The columns ``patient_id`` and ``study_id``, None or NaN where not recorded.
        contents: As in `linked`.
    """
    patients, studies = (
        [name if isinstance(name, str) else None for name in images[column].to_numpy(object)]
        for column in ("patient_id", "study_id")
    )
    return linked(patients, contents, studies=studies)


def draw(groups: npt.NDArray[np.int64], *, held_out: float, folds: int | None, choosing: bool, seed: int) -> Parts:
    """Draws the parts of a run.

    Args:
        groups: From `linked`.
        held_out: Share of the images to hold out, in (0, 1); not used with folds.
        folds: Number of folds that hold out every image once, or None for a single held-out part.
        choosing: Whether a validation part is needed.
        seed: The run's seed; the members' seeds change nothing here.

    Returns:
        The parts. Shares are met as closely as whole groups allow.
    """
    shares = (held_out,) if folds is None else (1 / folds,) * folds
    position = _shuffled_position(groups, seed=seed, purpose=0)
    ends = np.cumsum(shares)
    fold = np.searchsorted(ends - 1e-12, position, side="right").astype(np.int16)
    if folds is None:
        fold[fold == 1] = NEVER
    else:
        fold = np.minimum(fold, np.int16(folds - 1))
    validation = np.zeros(groups.shape, np.bool_)
    if choosing:
        validation = _shuffled_position(groups, seed=seed, purpose=1) < VALIDATION_FRACTION
    return Parts(groups=groups, fold=fold, validation=validation, shares=shares)


def capped(classes: npt.NDArray[np.int8], parts: Parts, *, cap: int | None, seed: int) -> Mask:
    """Which images a cap per class leaves out, in proportion to each part.

    Args:
        classes: Shape ``(n,)``, the class under the training policy, -1 for none; images without one are never
            capped.
        parts: The split; its `NEVER` part takes what the folds' shares leave.
        cap: At most this many images of a class over all parts together, or None.
        seed: The run's seed.

    Returns:
        Shape ``(n,)``, True where an image is left out.
    """
    out = np.zeros(classes.shape, np.bool_)
    if cap is None:
        return out
    order = np.random.default_rng([seed, 2]).permutation(classes.size)
    limits = _whole_shares(cap, parts)
    for fold, limit in limits.items():
        for index in range(int(classes.max(initial=-1)) + 1):
            members = order[(classes[order] == index) & (parts.fold[order] == fold)]
            out[members[limit:]] = True
    return out


def sample_patients(groups: npt.NDArray[np.int64], wanted: Mask, *, images: int, seed: int) -> Mask:
    """A seeded sample of whole patients that holds about a given number of wanted images.

    Args:
        groups: Shape ``(n,)``, the patient of each image as a number.
        wanted: Shape ``(n,)``, the images that count.
        images: Patients are taken in random order until this many wanted images are reached.
        seed: The run's seed.

    Returns:
        Shape ``(n,)``, True for every image of a patient in the sample.
    """
    numbers, codes = np.unique(groups, return_inverse=True)
    counts = np.bincount(codes, weights=wanted, minlength=numbers.size)
    order = np.random.default_rng([seed, 3]).permutation(numbers.size)
    before = np.concatenate([[0.0], np.cumsum(counts[order])[:-1]])
    taken = np.zeros(numbers.size, np.bool_)
    taken[order[before < images]] = True
    return taken[codes]


def _shuffled_position(groups: npt.NDArray[np.int64], *, seed: int, purpose: int) -> npt.NDArray[np.float64]:
    """Where each image's group lies, in [0, 1), when the groups stand in random order along all images."""
    numbers, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.random.default_rng([seed, purpose]).permutation(numbers.size)
    # the middle of a group decides, so that a share is met on average whatever the groups' sizes
    middle = (np.cumsum(sizes[order]) - sizes[order] / 2) / max(groups.size, 1)
    position = np.empty(numbers.size)
    position[order] = middle
    return position[codes]


def _whole_shares(cap: int, parts: Parts) -> dict[int, int]:
    ends = np.concatenate([[0.0], np.cumsum(parts.shares)])
    whole = np.diff(np.round(ends * cap)).astype(int).tolist()
    limits = dict(enumerate(whole))
    limits[NEVER] = cap - sum(whole)
    return limits
