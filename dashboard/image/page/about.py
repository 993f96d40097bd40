"""Facts that are recorded of the image, and the other images of its patient."""

from collections.abc import Sequence

import streamlit as st

from dashboard import image_grid, widgets, words
from dashboard.components.copyable import copyable
from dashboard.components.picture_menu import with_menu
from dashboard.image.data.record import Sibling, siblings
from dashboard.image.page import source as sources
from dashboard.image.subject import ImageContext
from dashboard.image.text.answer import role_of
from dashboard.image.text.nearest import sibling_caption, sibling_described
from dashboard.notation import told_of
from dashboard.results.attributes import of_image

_COLUMNS = 8


def show(context: ImageContext) -> None:
    """Draws the facts, and tiles of the patient's other images."""
    picture = context.picture
    size = f"{picture.width:,} x {picture.height:,} px" if picture.width and picture.height else "not recorded"
    facts = {
        "Dataset": words.plain(context.site),
        "Use": role_of(context.role),
        "View": words.view(picture.view),
        "Sex": words.sex(picture.sex),
        "Age": "not recorded" if picture.age_years is None else words.age(picture.age_years),
        "Size": size,
    }
    _show_row(list(facts.items()))
    known = [
        (words.plain(f"{name[:1].upper()}{name[1:]}"), words.plain(value))
        for name, value in of_image(context.comparison.run, key=context.key)
    ]
    for start in range(0, len(known), len(facts)):
        _show_row(known[start : start + len(facts)], columns=len(facts))
    _show_patient(context)


def _show_row(facts: Sequence[tuple[str, str]], *, columns: int | None = None) -> None:
    for column, (label, value) in zip(st.columns(columns or len(facts)), facts, strict=False):
        with column:
            widgets.stat(label, value, "")


def _show_patient(context: ImageContext) -> None:
    if context.picture.patient is None:
        st.markdown(told_of(context.noun, "Which images are of one patient is not recorded here."))
        return
    copyable("Patient", context.picture.patient, key="patient_id", note=context.id_note("patient"))
    policy = context.truth.policy if context.truth else ""
    model = context.comparison.answering(context.key[0])
    others = siblings(context.comparison.run, key=context.key, model=model, policy=policy)
    if not others.shown:
        st.markdown(told_of(context.noun, "There is no other image of this patient in this run."))
        return
    more = f" :gray[the first {len(others.shown)} are shown]" if others.total > len(others.shown) else ""
    st.markdown(told_of(context.noun, f"**Other images of this patient: {others.total:,}**{more}"))
    tiles = [_tile(other, has_findings=context.findings is not None) for other in others.shown]
    source = sources.of_image(context, name="patient", title=told_of(context.noun, "Other images of the same patient"))
    with with_menu(image_grid.sheet(context.comparison, [("", tiles)], columns=_COLUMNS), key="patient", source=source):
        image_grid.show(
            context.comparison,
            tiles,
            key="patient",
            columns=_COLUMNS,
            saliency="hover",
            link={"from": "image"},
        )


def _tile(other: Sibling, *, has_findings: bool) -> image_grid.Tile:
    if other.predicted is None:
        said = role_of(other.role) if has_findings or other.role is None else "no single answer"
        return image_grid.Tile(key=other.key, strong=said, soft=words.view(other.view), alt="Of the same patient")
    tested = other.true is not None and other.role != "train"
    return image_grid.Tile(
        key=other.key,
        strong=other.predicted,
        soft=sibling_caption(other),
        alt=sibling_described(other),
        mark=("right" if other.true == other.predicted else "wrong") if tested else None,
        saliency_of=other.predicted,
    )
