"""Bars of the findings of an image, each with its threshold."""

import math
from collections.abc import Sequence

import streamlit as st

from dashboard import palette, widgets, words
from dashboard.components.picture_menu import Drawing, with_menu
from dashboard.components.probabilities import Bar, Mark, probabilities
from dashboard.image.data.findings import FindingSaid, FindingsAnswer
from dashboard.image.data.table import finding_rows
from dashboard.image.data.truth import Truth
from dashboard.image.figures import probabilities_drawing
from dashboard.image.page.source import of_image
from dashboard.image.subject import ImageContext
from dashboard.image.text.findings import outcome, presence
from dashboard.palette import LIGHT
from dashboard.results.downloads import CrossTable, Download


def show(context: ImageContext, answer: FindingsAnswer) -> None:
    """Draws the bars and offers their numbers."""
    bars = [_bar(said, context.truth, answer=answer) for said in answer.findings]
    if all(math.isnan(bar.probability) for bar in bars):
        _show_flags(bars)
    else:
        _show_bars(context, bars, members=answer.members)
    run = context.comparison.run
    model = context.comparison.answering(context.key[0])
    widgets.download(
        Download(
            run=run.name,
            name="image_findings",
            holds=f"What the model says of each finding of {context.key[1]}, and whether it is present",
            rows=lambda: finding_rows(run, context.key, answer, context.truth, model=model),
            layout=CrossTable(down=("finding",), across="model", cell="probability"),
        )
    )


def _show_flags(bars: Sequence[Bar]) -> None:
    marks = {"right": ":material/check: ", "wrong": ":material/close: "}
    widgets.table(
        {
            "Finding": [words.plain(bar.finding) for bar in bars],
            "Flag": [f"**{bar.flag}**" if bar.flag == "flagged" else f":gray[{bar.flag}]" for bar in bars],
            "Outcome": [f"{marks.get(bar.mark, '')}{bar.said}" for bar in bars],
        },
        alt="Which findings the model flags",
    )


def _show_bars(context: ImageContext, bars: Sequence[Bar], *, members: Sequence[str]) -> None:
    colours = palette.current()
    ticks = ", ticks: members" if members else ""
    st.markdown(f"**Score** :gray[:small[dashed: threshold{ticks}]]")
    source = of_image(context, name="findings", title=f"Score of each finding; dashed: threshold{ticks}")
    with with_menu(Drawing(svg=lambda: probabilities_drawing(bars, palette=LIGHT)), key="probabilities", source=source):
        probabilities(
            bars,
            members=members,
            right=colours.right,
            wrong=colours.wrong,
            plain=colours.rule,
            training=colours.training,
        )


def _bar(said: FindingSaid, truth: Truth | None, *, answer: FindingsAnswer) -> Bar:
    flag = ""
    if math.isnan(said.score):
        flag = {True: "flagged", False: "not flagged", None: "nothing"}[said.is_flagged]
    return Bar(
        finding=said.finding,
        probability=said.score,
        members=said.members,
        said=outcome(said, truth),
        mark=_mark(said, truth, answer=answer),
        threshold=said.threshold if not math.isnan(said.score) else math.nan,
        flag=flag,
    )


def _mark(said: FindingSaid, truth: Truth | None, *, answer: FindingsAnswer) -> Mark:
    is_present = presence(said, truth)
    if is_present is None or said.is_flagged is None or not (is_present or said.is_flagged):
        return "none"
    if answer.role == "train":
        return "training"
    return "right" if is_present == said.is_flagged else "wrong"
