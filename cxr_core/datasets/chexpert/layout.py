"""The layouts of CheXpert's tables and images: one folder, or the batches in which it is downloaded today."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_core.datasets.chexpert.tables import Frames, Part
from cxr_core.datasets.folders import contents
from cxr_core.errors import DataError

FOLDERS = ("CheXpert-v1.0", "CheXpert-v1.0-small", "chexpertchestxrays-u20210408")
BY_STUDY = "groundtruth.csv"
TABLES: dict[Part, tuple[str, ...]] = {
    "train": ("train.csv",),
    "valid": ("valid.csv",),
    "test": ("test.csv", "test_labels.csv", BY_STUDY),
}
"""The names that the label tables are published under. The test set's came years later: ``test_labels.csv`` by image
with CheXlocalize, ``groundtruth.csv`` by study from the dataset's authors."""

_BATCH = re.compile(r"CheXpert-v1\.0 batch \d+ \(.*\)")
_NO_PATIENT = "The label table lists it; its patient's folder is not here. Bring the batch that holds it."


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One CheXpert folder.

    Attributes:
        home: What files are relative to.
        batches: The names of the folders below it that are batches of a download: the tables and ``valid/`` in the
            first, the training patients right below the others.
    """

    home: Path
    batches: tuple[str, ...]

    def table(self, part: Part) -> Path | None:
        """The label table of a part, None without one."""
        places = [self.home / folder / name for name in TABLES[part] for folder in ("", *self.batches)]
        return next((place for place in places if place.is_file()), None)

    def folders(self, part: Part) -> tuple[str, ...]:
        """The folders that hold patients of a part, relative to the home."""
        known = [part, *(f"{batch}/{part}" for batch in self.batches)]
        found = [folder for folder in known if (self.home / folder).is_dir()]
        if part == "train":
            found += [batch for batch in self.batches if any((self.home / batch).glob("patient*"))]
        return tuple(found)


def homes(root: Path) -> tuple[Path, ...]:
    """Where the folder may be that files are relative to: the one that is given, one around it or one below."""
    return (root.parent if _BATCH.fullmatch(root.name) else root, *(root / name for name in FOLDERS))


def find(root: Path) -> Layout:
    """The one CheXpert folder that a folder is, is a batch of, or holds.

    Raises:
        DataError: If there is none, or more than one.
    """
    layouts = [Layout(home=place, batches=_batches(place)) for place in homes(root)]
    found = [layout for layout in layouts if any(layout.table(part) for part in TABLES)]
    if len(found) == 1:
        return found[0]
    if found:
        several = " and ".join(str(layout.home) for layout in found)
        raise DataError(f"{root}: expected one CheXpert folder, found {several}. Give the one that is to be read.")
    raise DataError(
        f"{root}: expected CheXpert, that is train.csv, valid.csv or test_labels.csv in this folder, in "
        f"{' or '.join(FOLDERS)} below it, or in its batch 1; found {contents(root)}. Give the folder that holds the "
        "tables."
    )


def located(frames: Frames, *, layout: Layout, part: Part) -> Frames:
    """A part's frames with its files where they lie; images of patients who are in no folder are rejected."""
    folders = layout.folders(part)
    if folders == (part,):
        return frames
    of_patient = {place.name: folder for folder in reversed(folders) for place in (layout.home / folder).iterdir()}
    images = frames.images
    below = images["file"].str.removeprefix(f"{part}/")
    folder = below.str.partition("/")[0].map(of_patient)
    there = folder.notna()
    kept = images[there].assign(file=folder[there].astype("str") + "/" + below[there]).reset_index(drop=True)
    return replace(
        frames,
        images=kept,
        labels=frames.labels[frames.labels["image_id"].isin(kept["image_id"])].reset_index(drop=True),
        rejected=(*frames.rejected, *((file, _NO_PATIENT) for file in images["file"][~there])),
    )


def _batches(folder: Path) -> tuple[str, ...]:
    if not folder.is_dir():
        return ()
    return tuple(sorted(place.name for place in folder.iterdir() if place.is_dir() and _BATCH.fullmatch(place.name)))
