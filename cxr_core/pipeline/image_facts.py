"""Facts from headers beside a site's tables, which have the first word: columns of `image`, rows of `attribute`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter

import pandas as pd

from cxr_core.images.decode import facts
from cxr_core.images.decode.facts import ImageFacts
from cxr_core.manifest import ATTRIBUTE_COLUMNS

_NAMES = tuple(field.name for field in fields(ImageFacts))
_FACTS = attrgetter(*_NAMES)
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

    A value that one patient alone has is not taken: a maker or a ward is that of many, a name typed into the wrong
    field is not, and nothing in its form tells the two apart.

    Args:
        images: The columns ``image_id`` and ``patient_id``; an image without a patient is one of its own. Attributes of
            other images are passed over.
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
    patients = images["patient_id"].fillna(images["image_id"]).set_axis(images["image_id"])
    held = found[["name", "value"]].assign(patient=found["image_id"].map(patients)).drop_duplicates()
    holders = held.groupby(["name", "value"]).size()
    lonely = holders.index[(holders == 1) & ~holders.index.get_level_values("name").isin(_NO_TEXT)]
    alone = pd.MultiIndex.from_frame(found[["name", "value"]]).isin(lonely)
    lost = Counter(str(name) for name, _ in lonely)
    notes = tuple(
        f"Values of the attribute {name} that one patient alone has: {count}; they were not taken, since such a value "
        "may name the patient."
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
