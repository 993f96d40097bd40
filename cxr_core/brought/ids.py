"""How the ids of predictions meet the images or studies of a dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from cxr_core.brought.records import Positions, Words
from cxr_core.manifest import Manifest

Level = Literal["image", "study"]

_SUFFIX = r"(?i)(?:\.nii)?\.(?:png|jpe?g|jp2|dcm|dicom|tiff?|bmp|webp|npy|gz|nii)$"
_LEADING_ZEROS = r"(?<!\d)0+(?=\d)"
_MOST_FOLDERS = 6


@dataclass(frozen=True, kw_only=True)
class Met:
    """Which images or studies ids meet.

    Attributes:
        level: What the ids name.
        position: Shape ``(n,)``: an index into `Manifest.images`, of a study its first image; -1 where an id meets
            none.
    """

    level: Level
    position: Positions

    @property
    def count(self) -> int:
        """How many images or studies are met."""
        return len(np.unique(self.position[self.position >= 0]))


def meet(ids: Words, manifest: Manifest) -> Met:
    """Which images, or studies, of a dataset ids name.

    Ids are compared with a dataset's own ids, as paths, as paths without suffix, as file names, as file names without
    suffix, and as studies. One way is taken for all of
    them: the one that meets most, of two alike the first. A path or a study may have folders before it that the dataset
    does not know. A name that two images share meets neither.

    Args:
        ids: Shape ``(n,)``, str.
        manifest: The dataset.
    """
    codes, distinct = pd.factorize(ids)
    asked = pd.Series(distinct, dtype="str").str.replace("\\", "/", regex=False)
    best = Met(level="image", position=np.full(len(ids), -1, dtype=np.int64))
    for way in (_by_id, _by_path, _by_path_without_suffix, _by_name, _by_stem, _by_study):
        met = way(asked, manifest)
        of_rows = replace(met, position=met.position[codes])
        best = of_rows if of_rows.count > best.count else best
        if best.count == len(ids):
            break
    return best


def spelt_otherwise(ids: Words, manifests: Sequence[Manifest]) -> int:
    """How many of ids that meet none would, by file name without suffix or study, if case and zeros did not count.

    Args:
        ids: Shape ``(n,)``, str.
        manifests: The datasets.
    """
    if not len(ids):
        return 0
    own = pd.concat([names(each) for each in manifests for names in (own_paths, own_studies)]).dropna()
    asked = pd.Series(pd.unique(ids), dtype="str").str.replace("\\", "/", regex=False)
    return int(_loosely(asked).isin(_loosely(own)).sum())


def _loosely(names: "pd.Series[str]") -> "pd.Series[str]":
    return _stem(names.str.strip("/")).str.casefold().str.replace(_LEADING_ZEROS, "", regex=True)


def _by_path(asked: "pd.Series[str]", manifest: Manifest) -> Met:
    return Met(level="image", position=_met(asked, own_paths(manifest), shortened=True))


def _by_id(asked: "pd.Series[str]", manifest: Manifest) -> Met:
    return Met(level="image", position=_met(asked, manifest.images["image_id"], shortened=True))


def _by_path_without_suffix(asked: "pd.Series[str]", manifest: Manifest) -> Met:
    own = own_paths(manifest).str.replace(_SUFFIX, "", regex=True)
    return Met(level="image", position=_met(asked.str.replace(_SUFFIX, "", regex=True), own, shortened=True))


def _by_name(asked: "pd.Series[str]", manifest: Manifest) -> Met:
    return Met(level="image", position=_met(_name(asked), _name(own_paths(manifest))))


def _by_stem(asked: "pd.Series[str]", manifest: Manifest) -> Met:
    return Met(level="image", position=_met(_stem(asked), _stem(own_paths(manifest))))


def _by_study(asked: "pd.Series[str]", manifest: Manifest) -> Met:
    """A study stands at its first image alone."""
    studies = own_studies(manifest)
    return Met(
        level="study", position=_met(asked.str.rstrip("/"), studies.where(~studies.duplicated()), shortened=True)
    )


def own_paths(manifest: Manifest) -> "pd.Series[str]":
    """The path of each image as the dataset's own table or folder spells it, missing where it has none."""
    return _own(manifest, manifest.private_files, manifest.images["file"]).str.replace("\\", "/", regex=False)


def own_studies(manifest: Manifest) -> "pd.Series[str]":
    """The study of each image by its own name, missing where it is not known."""
    return _own(manifest, manifest.private_studies, manifest.images["study_id"])


def _own(manifest: Manifest, private: Mapping[str, str], public: "pd.Series[str]") -> "pd.Series[str]":
    image_id = manifest.images["image_id"]
    named = image_id.map(dict(private)) if private else pd.Series(np.nan, index=image_id.index)
    return named.astype("str").fillna(public.astype("str"))


def _met(asked: "pd.Series[str]", own: "pd.Series[str]", *, shortened: bool = False) -> Positions:
    """For each text the place of the same one in `own`, -1 where there is none or several.

    Args:
        asked: The texts.
        own: What is known, missing where nothing is.
        shortened: Whether folders before a text may be left out, as many in all of them as lets most meet.
    """
    known = own[own.notna() & ~own.duplicated(keep=False)]
    index = pd.Index(known)
    places = np.append(known.index.to_numpy(dtype=np.int64), -1)
    best = places[index.get_indexer(pd.Index(asked))]
    for _ in range(_MOST_FOLDERS if shortened else 0):
        if (best >= 0).all() or not asked.str.contains("/", regex=False).any():
            break
        asked = asked.str.replace(r"^[^/]*(?:/|$)", "", regex=True)
        fewer = places[index.get_indexer(pd.Index(asked))]
        best = fewer if (fewer >= 0).sum() > (best >= 0).sum() else best
    return best


def _name(paths: "pd.Series[str]") -> "pd.Series[str]":
    return paths.str.replace(r"^.*/", "", regex=True)


def _stem(paths: "pd.Series[str]") -> "pd.Series[str]":
    return _name(paths).str.replace(_SUFFIX, "", regex=True)
