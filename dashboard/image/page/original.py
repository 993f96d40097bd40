"""The original file, at up to 1,024 px, with a window to look through."""

import streamlit as st

from dashboard import images
from dashboard.components.original import original
from dashboard.components.picture_menu import Sheet, with_menu
from dashboard.image.data import originals
from dashboard.image.page.source import of_image
from dashboard.image.subject import ImageContext
from dashboard.image.text.original import no_original, original_size
from dashboard.image.text.picture import described


def show(context: ImageContext) -> None:
    """Draws it, or says why it is not there."""
    with st.spinner("Decoding the original file"):
        file = originals.original(context.key, context.record, cache=images.cache_folder())
    if isinstance(file, originals.Absent):
        st.markdown(
            no_original(file.why, file.detail, dataset=context.key[0], site=context.site, reader=context.record.reader)
        )
        return
    source = of_image(context, name="original", title=f"{described(context.picture, site=context.site)}, original file")
    with with_menu(Sheet(sheet=lambda: {"drawn": "original"}), key="original", source=source):
        original(
            image="/".join(context.key),
            alt=f"{described(context.picture, site=context.site)}, original file",
            width=file.shown_width,
            height=file.shown_height,
            bits=file.bits,
            lowest=file.lowest,
            highest=file.highest,
            is_falling=file.is_falling,
            samples=file.samples,
            table=file.table,
        )
    st.caption(original_size(file.width, file.height, shown=(file.shown_width, file.shown_height)))
