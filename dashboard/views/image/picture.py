"""The image, its saliency and its probabilities: the first screen."""

from collections.abc import Sequence

import streamlit as st

from dashboard import images, palette, widgets, words
from dashboard.components.probabilities import Bar, Mark, probabilities
from dashboard.components.viewer import Layer, Marked, viewer
from dashboard.queries.image.answer import Answer
from dashboard.queries.image.boxes import boxes, site_has_boxes
from dashboard.queries.image.readings import readings
from dashboard.queries.image.saliency import sources
from dashboard.queries.image.truth import Truth
from dashboard.results import runs
from dashboard.sentences.image import labels as labels_sentences
from dashboard.sentences.image import picture as picture_sentences
from dashboard.views.image.shown import Shown

_SIZE_PX = 640


def show(found: Shown) -> None:
    """Draws both pictures with their controls, and the bars."""
    left, right = st.columns([2.15, 1], gap="medium")
    with left:
        _show_viewer(found)
    with right:
        if found.answer is not None:
            _show_probabilities(found.answer, found.truth, classes=runs.classes(found.comparison.run))
            _show_labels(found)
            _show_download(found, found.answer)
        else:
            st.markdown(":gray[No probabilities: the model was not asked.]")


def _show_viewer(found: Shown) -> None:
    truth = found.truth
    predicted = found.answer.ensemble.predicted if found.answer else None
    true = truth.index if truth else None
    classes = runs.classes(found.comparison.run)
    said = {
        index: " and ".join(word for word, which in (("predicted", predicted), ("true", true)) if which == index)
        for index in range(len(classes))
    }
    viewer(
        image="/".join(found.key),
        src=images.thumbnail(found.comparison.run, found.picture, size_px=_SIZE_PX),
        aspect=found.picture.aspect,
        alt=picture_sentences.described(found.picture),
        caption=picture_sentences.caption(found.picture, found.answer),
        findings=classes,
        roles={index: text for index, text in said.items() if text},
        first=next((index for index in (predicted, true) if index is not None), 0),
        layers=_layers(found),
        boxes=_boxes(found),
        no_boxes=_why_no_boxes(found),
    )


def _layers(found: Shown) -> list[Layer]:
    if found.answer is None:
        return []
    said = {each.model: each.name for each in (found.answer.ensemble, *found.answer.members)}
    found_sources = sources(found.comparison.run, key=found.key, models=tuple(said))
    return [
        Layer(
            name=picture_sentences.layer(said[source.model], source.method),
            values=source.maps.values,
            height=source.maps.height,
            width=source.maps.width,
            strengths=tuple(map(source.maps.strength, range(len(source.maps.scale)))),
        )
        for source in found_sources
    ]


def _boxes(found: Shown) -> list[Marked]:
    classes = runs.classes(found.comparison.run)
    return [
        Marked(
            finding=box.finding if box.index is None else classes[box.index],
            reader=box.reader,
            kind="other" if box.index is None else "class",
            corners=box.corners,
        )
        for box in boxes(found.comparison.run, key=found.key)
    ]


def _why_no_boxes(found: Shown) -> str:
    has_any = site_has_boxes(found.comparison.run, dataset=found.key[0])
    return "no reader drew a box" if has_any else "no boxes at this site"


def _show_labels(found: Shown) -> None:
    said = labels_sentences.labels_in_short(
        readings(found.comparison.run, key=found.key), classes=runs.classes(found.comparison.run)
    )
    policy = words.plain(words.policy(found.truth.policy)) if found.truth else "none"
    st.markdown(f":gray[:small[Labels; true class by the policy: {policy}]]  \n:small[{said}]")


def _show_download(found: Shown, answer: Answer) -> None:
    widgets.download(
        "Download these numbers",
        lambda: widgets.csv_of(
            [
                {"model": said.model, **dict(zip(runs.classes(found.comparison.run), said.probability, strict=True))}
                for said in (answer.ensemble, *answer.members)
            ]
        ),
        file_name=f"{found.comparison.run.name}_probabilities_of_image.csv",
        key="download_probabilities",
    )


def _show_probabilities(answer: Answer, truth: Truth | None, *, classes: Sequence[str]) -> None:
    colours = palette.current()
    ticks = ", ticks: members" if answer.members else ""
    st.markdown(f"**Probability** :gray[:small[bar: ensemble{ticks}]]")
    probabilities(
        [
            Bar(
                finding=finding,
                probability=answer.ensemble.probability[index],
                members=tuple(member.probability[index] for member in answer.members),
                said=_said(index, answer, truth),
                mark=_mark(index, answer, truth),
            )
            for index, finding in enumerate(classes)
        ],
        members=[member.name for member in answer.members],
        right=colours.right,
        wrong=colours.wrong,
        plain=colours.rule,
        training=colours.training,
    )


def _said(index: int, answer: Answer, truth: Truth | None) -> str:
    parts = ["predicted"] if index == answer.ensemble.predicted else []
    if truth is not None and truth.index == index:
        parts.append("true class")
    elif truth is not None and truth.index is None and truth.classes[index] in truth.found:
        parts.append("present")
    return ", ".join(parts)


def _mark(index: int, answer: Answer, truth: Truth | None) -> Mark:
    is_true = truth is not None and truth.index == index
    if not is_true and index != answer.ensemble.predicted:
        return "none"
    if answer.role == "train":
        return "training"
    if truth is None or truth.index is None:
        return "plain"
    return "right" if is_true else "wrong"
