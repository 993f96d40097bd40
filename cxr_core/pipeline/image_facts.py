"""What headers add to a site's tables, which have the first word: columns of `image`, and rows of `attribute`."""

from collections.abc import Mapping
from dataclasses import asdict

import pandas as pd

from cxr_core.images.decode import facts
from cxr_core.images.decode.facts import ImageFacts
from cxr_core.manifest import ATTRIBUTE_COLUMNS

_NO_TEXT = ("year",)
"""Four digits name nobody."""


def with_columns(images: pd.DataFrame, facts_of: Mapping[int, ImageFacts]) -> pd.DataFrame:
    """The images with what their headers say where the table does not.

    Args:
        images: The manifest's columns and others.
        facts_of: By the row of `images`.
    """
    said = pd.DataFrame.from_dict({row: asdict(one) for row, one in facts_of.items()}, orient="index", dtype=object)
    names = [str(name) for name in said.columns if name in images]
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
    headers = pd.DataFrame(
        [
            (images["image_id"].at[row], name, str(value))
            for name in facts.ATTRIBUTES
            for row, one in of_headers.items()
            if row in images.index and (value := getattr(one, name)) is not None
        ],
        columns=list(ATTRIBUTE_COLUMNS),
        dtype=object,
    )
    found = pd.concat([of_table.astype(object), headers], ignore_index=True)
    found = found.drop_duplicates(["image_id", "name"])
    patients = images["patient_id"].fillna(images["image_id"]).set_axis(images["image_id"])
    found = found[found["image_id"].isin(patients.index)]
    holders = found["image_id"].map(patients).groupby([found["name"], found["value"]], sort=False).transform("nunique")
    alone = (holders == 1) & ~found["name"].isin(_NO_TEXT)
    lost = found[alone].groupby("name")["value"].nunique()
    notes = tuple(
        f"Values of the attribute {name} that one patient alone has: {count}; they were not taken, since such a value "
        "may name the patient."
        for name, count in lost.items()
    )
    return found[~alone].reset_index(drop=True), notes
