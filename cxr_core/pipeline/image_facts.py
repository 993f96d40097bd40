"""Facts from headers beside a site's tables, which have the first word: columns of `image`, rows of `attribute`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter

import pandas as pd

from cxr_core.evaluation.inputs import LEAST_IMAGES
from cxr_core.images.decode import facts
from cxr_core.images.decode.facts import ImageFacts
from cxr_core.manifest import ATTRIBUTE_COLUMNS

_NAMES = tuple(field.name for field in fields(ImageFacts))
_FACTS = attrgetter(*_NAMES)
_LEAST_PATIENTS = 2
_NO_TEXT = ("year",)
"""Four digits name nobody."""


def with_columns(images: pd.DataFrame, facts_of: Mapping[int, ImageFacts]) -> pd.DataFrame:
    """The images with what their headers say where the table does not.

    Args:
        images: The manifest's columns and others.
        facts_of: By the row of `images`.
    """
    said = _by_row(facts_of)
    names = [name for name in _NAMES if name in images]
    kinds = images[names].dtypes
    return images.assign(**{name: images[name].fillna(said[name].astype(kinds[name])) for name in names})


def attributes(
    images: pd.DataFrame, *, of_table: pd.DataFrame, of_headers: Mapping[int, ImageFacts]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The attributes of some images, and what is to be said of those that were not taken.

    A value that one patient alone may have is not taken: a maker or a ward is that of many, a name typed into the wrong
    field is not, and nothing in its form tells the two apart. It takes two patients; of images without a patient, which
    may all be of one, as many as a stratum takes.

    Args:
        images: The columns ``image_id`` and ``patient_id``; None: not recorded. Attributes of other images are
            passed over.
        of_table: Columns `ATTRIBUTE_COLUMNS`; it has the first word.
        of_headers: By the row of `images`; the index need not be without gaps.

    Returns:
        Columns `ATTRIBUTE_COLUMNS`, each name at most once for an image; and a sentence for each name of which values
        were not taken.
    """
    said = _by_row(of_headers)
    said = said[said.index.isin(images.index)]
    headers = [_rows(name, said[name].dropna(), images["image_id"]) for name in facts.ATTRIBUTES]
    found = pd.concat([of_table.merge(images[["image_id"]], on="image_id"), *headers], ignore_index=True)
    found = found.drop_duplicates(["image_id", "name"])
    patient = found["image_id"].map(images.set_index("image_id")["patient_id"])
    held = found.assign(patient=patient, is_unknown=patient.isna()).groupby(["name", "value"])
    may_be_one = (held["patient"].nunique() < _LEAST_PATIENTS) & (held["is_unknown"].sum() < LEAST_IMAGES)
    lonely = may_be_one.index[may_be_one & ~may_be_one.index.get_level_values("name").isin(_NO_TEXT)]
    alone = pd.MultiIndex.from_frame(found[["name", "value"]]).isin(lonely)
    lost = Counter(str(name) for name, _ in lonely)
    notes = tuple(
        f"Values of the attribute {name} that one patient alone has, or fewer than {LEAST_IMAGES} images of unknown "
        f"patients: {count}; they were not taken, since such a value may name the patient."
        for name, count in lost.items()
    )
    return found[~alone].reset_index(drop=True), notes


def _by_row(facts_of: Mapping[int, ImageFacts]) -> pd.DataFrame:
    """A column for each fact, None where it is not recorded."""
    rows = [_FACTS(one) for one in facts_of.values()]
    return pd.DataFrame(rows, columns=list(_NAMES), index=list(facts_of), dtype=object)


def _rows(name: str, values: pd.Series, image_id: pd.Series) -> pd.DataFrame:
    ids = image_id.loc[values.index].to_numpy(object)
    return pd.DataFrame(dict(zip(ATTRIBUTE_COLUMNS, (ids, name, values.map(str).to_numpy(object)), strict=True)))
