"""The original file, at up to 1,024 px, with a window to look through."""

import streamlit as st

from dashboard import images, originals
from dashboard.components.original import original
from dashboard.sentences.image import original as original_sentences
from dashboard.sentences.image import picture as picture_sentences
from dashboard.views.image.shown import Shown


def show(found: Shown) -> None:
    """Draws it, or says why it is not there."""
    with st.spinner("Decoding the original file"):
        file = originals.original(found.key, found.record, cache=images.cache_folder())
    if isinstance(file, originals.Absent):
        st.markdown(
            original_sentences.no_original(file.why, file.detail, dataset=found.key[0], reader=found.record.reader)
        )
        return
    original(
        image="/".join(found.key),
        alt=f"{picture_sentences.described(found.picture)}, original file",
        width=file.shown_width,
        height=file.shown_height,
        bits=file.bits,
        lowest=file.lowest,
        highest=file.highest,
        is_falling=file.is_falling,
        samples=file.samples,
        table=file.table,
    )
    st.caption(original_sentences.original_size(file.width, file.height, shown=(file.shown_width, file.shown_height)))
