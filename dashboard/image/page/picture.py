"""The image, its saliency and its probabilities: the first screen."""

from collections.abc import Sequence

import streamlit as st

from dashboard import images, palette, widgets, words
from dashboard.components.copyable import copyable
from dashboard.components.picture_menu import Drawing, Sheet, with_menu
from dashboard.components.probabilities import Bar, Mark, probabilities
from dashboard.components.viewer import Layer, Marked, viewer
from dashboard.image.data.answer import Answer
from dashboard.image.data.boxes import boxes, site_has_boxes
from dashboard.image.data.readings import readings
from dashboard.image.data.saliency import sources
from dashboard.image.data.table import probability_rows
from dashboard.image.data.truth import Truth
from dashboard.image.figures import probabilities_drawing
from dashboard.image.page import findings
from dashboard.image.page.source import of_image
from dashboard.image.subject import ImageContext
from dashboard.image.text.labels import labels_in_short
from dashboard.image.text.picture import SALIENCY_METHOD, caption, described, layer
from dashboard.palette import LIGHT
from dashboard.results import runs
from dashboard.results.downloads import CrossTable, Download
from dashboard.results.holdings import holdings

_SIZE_PX = 640


def show(context: ImageContext) -> None:
    """Draws both pictures with their controls, and the bars."""
    has_pictures = holdings(context.comparison).has_pictures
    left, right = st.columns([2.15, 1] if has_pictures else [1, 2.15], gap="medium")
    with left:
        if has_pictures:
            _show_viewer(context)
        else:
            st.markdown(f":gray[{words.plain(caption(context.picture, site=context.site, role=context.role))}]")
        copyable(
            context.noun.capitalize(),
            context.key[1],
            key="image_id",
            note=context.id_note(context.noun),
        )
    with right:
        if context.findings is not None:
            findings.show(context, context.findings)
            _show_labels(context)
        elif context.answer is not None:
            _show_probabilities(context, context.answer)
            _show_labels(context)
            _show_download(context, context.answer)
        else:
            why = "was not asked" if context.role is None else "gives no single answer"
            st.markdown(f":gray[No probabilities: the model {why}.]")


def _show_viewer(context: ImageContext) -> None:
    truth = context.truth
    predicted = context.answer.ensemble.predicted if context.answer else None
    true = truth.index if truth else None
    classes = runs.classes(context.comparison.run)
    said = {
        index: " and ".join(word for word, which in (("predicted", predicted), ("true", true)) if which == index)
        for index in range(len(classes))
    }
    layers = _layers(context)
    source = of_image(
        context,
        name="saliency",
        title=described(context.picture, site=context.site),
        more=(SALIENCY_METHOD,) if layers else (),
    )
    with with_menu(Sheet(sheet=lambda: {"drawn": "viewer"}), key="viewer", source=source):
        viewer(
            image="/".join(context.key),
            src=images.thumbnail(context.comparison.run, context.picture, size_px=_SIZE_PX),
            aspect=context.picture.aspect,
            alt=described(context.picture, site=context.site),
            caption=caption(context.picture, site=context.site, role=context.role),
            findings=classes,
            roles={index: text for index, text in said.items() if text},
            first=next((index for index in (predicted, true) if index is not None), 0),
            layers=layers,
            boxes=_boxes(context),
            no_boxes=_why_no_boxes(context),
        )


def _layers(context: ImageContext) -> list[Layer]:
    if context.findings is not None:
        model = context.comparison.answering(context.key[0])
        said = {model: "ensemble"}
    elif context.answer is None:
        return []
    else:
        said = {each.model: each.name for each in (context.answer.ensemble, *context.answer.members)}
    found_sources = sources(context.comparison.run, key=context.key, models=tuple(said))
    return [
        Layer(
            name=layer(said[source.model], source.method),
            values=source.maps.values,
            height=source.maps.height,
            width=source.maps.width,
            strengths=tuple(map(source.maps.strength, range(len(source.maps.scale)))),
            peaks=source.maps.peaks,
        )
        for source in found_sources
    ]


def _boxes(context: ImageContext) -> list[Marked]:
    classes = runs.classes(context.comparison.run)
    return [
        Marked(
            finding=box.finding if box.index is None else classes[box.index],
            reader=box.reader,
            kind="other" if box.index is None else "class",
            corners=box.corners,
        )
        for box in boxes(context.comparison.run, key=context.key)
    ]


def _why_no_boxes(context: ImageContext) -> str:
    has_any = site_has_boxes(context.comparison.run, dataset=context.key[0])
    return "no reader drew a box" if has_any else "no boxes at this site"


def _show_labels(context: ImageContext) -> None:
    said = labels_in_short(
        readings(context.comparison.run, key=context.key), classes=runs.classes(context.comparison.run)
    )
    policy = words.plain(words.policy(context.truth.policy)) if context.truth else "none"
    by = "present" if context.findings is not None else "true class"
    st.markdown(f":gray[:small[Labels; {by} by the policy: {policy}]]  \n:small[{said}]")


def _show_download(context: ImageContext, answer: Answer) -> None:
    run = context.comparison.run
    widgets.download(
        Download(
            run=run.name,
            name="image_probabilities",
            holds=f"The probability of each class for the {context.noun} {context.key[1]}, by ensemble and members",
            rows=lambda: probability_rows(run, context.key, answer, context.truth, classes=runs.classes(run)),
            layout=CrossTable(down=("finding",), across="model", cell="probability"),
        )
    )


def _show_probabilities(context: ImageContext, answer: Answer) -> None:
    colours = palette.current()
    ticks = ", ticks: members" if answer.members else ""
    st.markdown(f"**Probability** :gray[:small[bar: ensemble{ticks}]]")
    bars = _bars(answer, context.truth, classes=runs.classes(context.comparison.run))
    source = of_image(context, name="probabilities", title=f"Probability of each class; bar: ensemble{ticks}")
    drawing = Drawing(svg=lambda: probabilities_drawing(bars, palette=LIGHT))
    with with_menu(drawing, key="probabilities", source=source):
        probabilities(
            bars,
            members=[member.name for member in answer.members],
            right=colours.right,
            wrong=colours.wrong,
            plain=colours.rule,
            training=colours.training,
        )


def _bars(answer: Answer, truth: Truth | None, *, classes: Sequence[str]) -> list[Bar]:
    return [
        Bar(
            finding=finding,
            probability=answer.ensemble.probability[index],
            members=tuple(member.probability[index] for member in answer.members),
            said=_said(index, answer, truth),
            mark=_mark(index, answer, truth),
        )
        for index, finding in enumerate(classes)
    ]


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
