"""Facts of single images, and their pixels where the results file itself brings them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.results.database import RunKey, ask, columns
from dashboard.results.images import Key

_PICTURES = """
    SELECT dataset, image_id, picture_hash, pipeline_fingerprint, width, height, view, sex, age_years, patient_id
    FROM image JOIN dataset USING (dataset)
    WHERE dataset = $dataset AND image_id IN (SELECT unnest($images))
"""

_WEBP = "SELECT webp FROM pixels WHERE dataset = $dataset AND image_id = $image"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One image of a run; None is not recorded.

    Attributes:
        key: Its dataset and id.
        picture_hash: What its pixels are looked up by; None if it was left out before it was read, or not
            brought.
        pipeline_fingerprint: How it was harmonized; None without images.
        width: Of the original, px.
        height: Of the original, px.
        view: As stored, such as ``PA``.
        sex: ``F`` or ``M``.
        age_years: In years.
        patient: A pseudonym.
    """

    key: Key
    picture_hash: str | None
    pipeline_fingerprint: str | None
    width: int | None
    height: int | None
    view: str | None
    sex: str | None
    age_years: float | None
    patient: str | None

    @property
    def aspect(self) -> float:
        """Width by height; 1 where they are not recorded."""
        return self.width / self.height if self.width and self.height else 1.0


@st.cache_data(max_entries=256, show_spinner=False)
def load_pictures(run: RunKey, keys: tuple[Key, ...]) -> Mapping[Key, Picture]:
    """What is known of these images; one that the run does not hold has no entry."""
    found: dict[Key, Picture] = {}
    for dataset, images in by_dataset(keys).items():
        for row in ask(run, _PICTURES, {"dataset": dataset, "images": images}):
            name, image, picture_hash, fingerprint, width, height, view, sex, age_years, patient = row
            found[str(name), str(image)] = Picture(
                key=(str(name), str(image)),
                picture_hash=_text(picture_hash),
                pipeline_fingerprint=_text(fingerprint),
                width=None if width is None else int(width),
                height=None if height is None else int(height),
                view=_text(view),
                sex=_text(sex),
                age_years=None if age_years is None else float(age_years),
                patient=_text(patient),
            )
    return found


def webp(run: RunKey, key: Key) -> bytes | None:
    """The pixels in the results file, as WebP; None unless it is an export made with images."""
    found = columns(run, _WEBP, {"dataset": key[0], "image": key[1]})["webp"].tolist()
    return bytes(found[0]) if found else None


def by_dataset(keys: Sequence[Key]) -> dict[str, list[str]]:
    """The ids of each dataset's images."""
    found: dict[str, list[str]] = {}
    for dataset, image in keys:
        found.setdefault(dataset, []).append(image)
    return found


def _text(value: object) -> str | None:
    return None if value is None else str(value)
