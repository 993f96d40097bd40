"""The images that the model sees most alike: internal ones that it got right, and external ones."""

from collections.abc import Sequence

import streamlit as st

from dashboard import tiles, widgets
from dashboard.queries.confusion.counts import was_trained_on
from dashboard.queries.image.nearest import Near, as_rows, has_features, nearest
from dashboard.results import runs
from dashboard.results.side import Side
from dashboard.sentences.image import nearest as sentences
from dashboard.views.image.shown import Shown

_SHOWN = 8
_COLUMNS = 4


def show(found: Shown) -> None:
    """Draws a row of tiles for each site."""
    if found.answer is None:
        st.markdown("The model was not asked about this image, so nothing is near it.")
        return
    if not has_features(found.comparison.run, key=found.key, members=found.members):
        st.markdown(
            "This run stores no features for this image, so its nearest images cannot be told. "
            "Make the run again to store them."
        )
        return
    near = {side: _nearest(found, side) for side in Side}
    for column, side in zip(st.columns(2, gap="medium"), near, strict=True):
        with column:
            _show_side(found, side, near[side])
    widgets.download(
        "Download these lists",
        lambda: widgets.csv_of([row for side, rows in near.items() for row in as_rows(rows, side=side)]),
        file_name=f"{found.comparison.run.name}_nearest_images.csv",
    )


def _wanted(found: Shown) -> int | None:
    if found.truth is not None and found.truth.index is not None:
        return found.truth.index
    return found.answer.ensemble.predicted if found.answer else None


def _nearest(found: Shown, side: Side) -> tuple[Near, ...]:
    test = found.comparison.test(side)
    if test is None:
        return ()
    wanted = _wanted(found) if side is Side.INTERNAL else None
    return nearest(found.comparison.run, test, key=found.key, members=found.members, right_of=wanted, limit=_SHOWN)


def _show_side(found: Shown, side: Side, near: Sequence[Near]) -> None:
    wanted = _wanted(found)
    finding = runs.classes(found.comparison.run)[wanted] if wanted is not None else ""
    st.markdown(sentences.nearest_heading(side, finding=finding))
    if not near:
        internal = found.comparison.test(Side.INTERNAL)
        trained = internal is not None and was_trained_on(found.comparison.run, internal)
        why = sentences.none_near(side, finding=finding, site=found.comparison.external_dataset, is_trained_on=trained)
        st.markdown(f":gray[{why}]")
        return
    tiles.show(
        found.comparison,
        [
            tiles.Tile(
                key=each.key,
                strong=each.true,
                soft=f"{each.cosine:.2f}",
                alt=sentences.near(each),
                mark="right" if each.is_right else "wrong",
                saliency_of=each.predicted,
            )
            for each in near
        ],
        key=f"nearest_{side}",
        columns=_COLUMNS,
        saliency="hover",
        link={"from": "image"},
    )
    if same := sentences.same_patient(near):
        st.caption(same)
