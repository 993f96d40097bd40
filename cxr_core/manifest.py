"""The manifest of a dataset: images, raw labels and boxes, as a reader found them, in columns.

A `Manifest` is one dataset. Its three frames hold one row per image, per raw label and per box; they are columns rather
than objects because CheXpert has three million raw labels (see docs/adr/0002-columns-not-objects.md).
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.errors import DataError

Grade = Literal["exact", "close", "weak"]

Votes = npt.NDArray[np.float32]
"""Raw values, shape ``(images, readers, k)``: 1, 0, -1 (uncertain), NaN (blank, or not seen by this reader)."""

IMAGE_COLUMNS = ("image_id", "patient_id", "study_id", "file", "view", "sex", "age_years")
"""``image_id`` str, unique. ``patient_id`` and ``study_id`` str pseudonyms or None. ``file`` str, POSIX, relative to
the root (in a private dataset: a keyed hash), None where there is no image file. ``view`` 'PA' | 'AP' | 'frontal'
(which one is not recorded) | 'lateral' | None.
``sex`` 'F' | 'M' | None. ``age_years`` float, NaN where not recorded. Columns that may hold None are of dtype
object."""

LABEL_COLUMNS = ("image_id", "finding", "reader", "value")
"""``image_id``, ``finding`` (the dataset's own name) and ``reader`` are categorical; ``value`` float32: 1, 0, -1
(uncertain), NaN (blank). A reader who did not see an image has no row for it."""

ATTRIBUTE_COLUMNS = ("image_id", "name", "value")
"""What a dataset's table says of an image beside all that: each name at most once for an image, no value empty."""

BOX_COLUMNS = ("image_id", "finding", "reader", "x0", "y0", "x1", "y1", "frame_width", "frame_height")
"""Corners in pixels of a frame of ``frame_width`` x ``frame_height``; NaN there: the image file's own size."""


def no_attributes() -> pd.DataFrame:
    """The attributes where there are none."""
    return pd.DataFrame({name: pd.Series([], dtype="str") for name in ATTRIBUTE_COLUMNS})


@dataclass(frozen=True, kw_only=True)
class NameMatch:
    """How well a dataset's own name means one of the run's classes.

    Attributes:
        finding: The dataset's own name.
        class_index: The index of the class.
        grade: ``exact``, ``close`` or ``weak``.
        reason: Why not better than that, in one sentence for a reader of the Labels page.
    """

    finding: str
    class_index: int
    grade: Grade
    reason: str


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The reference standard of n images under one policy.

    Attributes:
        classes: Shape ``(n,)``, int8: the index of a class, or -1 where the policy gives no single class.
        left_out: Shape ``(n,)``, object: None, 'none', 'several' or 'uncertain': why there is no single class.
        present: Shape ``(n, k)``, float32: 1 present, 0 absent, NaN unknown.
    """

    classes: npt.NDArray[np.int8]
    left_out: npt.NDArray[np.object_]
    present: npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A named rule from raw labels to a reference standard.

    Attributes:
        name: Snake case, as stored and as typed on the command line.
        description: One sentence for the dashboard.
        rule: From votes of shape ``(images, readers, k)`` to the reference standard.
        is_default: Whether the dataset is shown under this policy at first; one per dataset.
        has_class: False if the policy says only what is present, never a single class.
        remark: What a reader must know of the rule on these very votes, a sentence; empty where there is nothing.
    """

    name: str
    description: str
    rule: Callable[[Votes], Reference]
    is_default: bool = False
    has_class: bool = True
    remark: Callable[[Votes], str] | None = None

    def described(self, votes: Votes) -> str:
        """The description, and what is to be known of the rule on these votes."""
        return f"{self.description} {self.remark(votes) if self.remark else ''}".strip()


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """One dataset as its reader found it.

    Attributes:
        dataset: Its name in the results, such as ``chexpert_train``.
        reader: The name of the reader module, such as ``chexpert``.
        root: The folder that ``file`` is relative to. Never stored with results.
        images: One row per image, columns `IMAGE_COLUMNS`, in a fixed order.
        labels: One row per image, finding and reader, columns `LABEL_COLUMNS`.
        boxes: One row per box, columns `BOX_COLUMNS`.
        attributes: One row per image and attribute that is recorded, columns `ATTRIBUTE_COLUMNS`.
        classes: What the run's classes are called, in the order of the outputs.
        names: The dataset's own names for them, in class order; several may mean one class.
        policies: Its label policies; exactly one is the default.
        official_test: Whether this is the source site's own test set, never trained on.
        synthetic: Whether the images were drawn by a computer, as a marker beside them says.
        notes: What a user must know about it, one sentence each, such as that patients are not recorded.
        rejected: Files that the label tables name and that cannot be found: ``(file, reason)``.
        private_files: In a private dataset, from ``image_id`` to the real file relative to the root.
        private_patients: In a private dataset whose patients are known, from ``image_id`` to the patient's own name.
        private_studies: In a private dataset whose studies are known, from ``image_id`` to the study's own name.

    Raises:
        DataError: If columns are missing or an image id occurs twice.
        ValueError: If not exactly one policy is the default, or a name is there twice or means none of the classes.
    """

    dataset: str
    reader: str
    root: Path
    images: pd.DataFrame
    labels: pd.DataFrame
    boxes: pd.DataFrame
    classes: tuple[str, ...]
    names: tuple[NameMatch, ...]
    policies: tuple[Policy, ...]
    attributes: pd.DataFrame = field(default_factory=no_attributes)
    official_test: bool = False
    synthetic: bool = False
    notes: tuple[str, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    private_files: Mapping[str, str] = field(default_factory=dict)
    private_patients: Mapping[str, str] = field(default_factory=dict)
    private_studies: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_columns("images", self.images, IMAGE_COLUMNS)
        _check_columns("labels", self.labels, LABEL_COLUMNS)
        _check_columns("boxes", self.boxes, BOX_COLUMNS)
        _check_columns("attributes", self.attributes, ATTRIBUTE_COLUMNS)
        twice = self.images["image_id"][self.images["image_id"].duplicated()]
        if len(twice):
            raise DataError(f"{self.dataset}: image id {twice.iloc[0]!r} occurs more than once.")
        if sum(policy.is_default for policy in self.policies) != 1:
            raise ValueError(f"{self.dataset}: exactly one label policy must be the default.")
        if len({match.finding for match in self.names}) < len(self.names):
            raise ValueError(f"{self.dataset}: each of its own names may mean one class.")
        if any(not 0 <= match.class_index < len(self.classes) for match in self.names):
            raise ValueError(f"{self.dataset}: expected names for classes 0 to {len(self.classes) - 1}.")

    @property
    def default_policy(self) -> Policy:
        """The policy under which the dataset is shown at first."""
        return next(policy for policy in self.policies if policy.is_default)

    def policy(self, name: str) -> Policy:
        """The policy of that name.

        Raises:
            DataError: If the dataset has no such policy.
        """
        for policy in self.policies:
            if policy.name == name:
                return policy
        known = ", ".join(policy.name for policy in self.policies)
        raise DataError(f"{self.dataset} has no label policy {name!r}. It has: {known}.")

    def path(self, image_id: str, file: str) -> Path:
        """Where an image lies on this machine."""
        return self.root / self.private_files.get(image_id, file)

    def fingerprint(self) -> str:
        """A hash of every row, 16 hexadecimal digits: equal tables, equal fingerprint, wherever they lie.

        Whether the images were drawn by a computer counts, too.
        Categorical columns count by their values, whatever the order of their categories.
        """
        digest = hashlib.sha256(self.dataset.encode())
        for frame in (self.images, self.labels, self.boxes, self.attributes):
            digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
        digest.update(b"synthetic" * self.synthetic)
        return digest.hexdigest()[:16]


def _check_columns(what: str, frame: pd.DataFrame, expected: tuple[str, ...]) -> None:
    if tuple(frame.columns) != expected:
        raise DataError(f"The manifest's {what} must have the columns {expected}, found {tuple(frame.columns)}.")
