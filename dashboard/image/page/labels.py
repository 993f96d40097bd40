"""Labels of the image by reader or column, and its class under each policy."""

import streamlit as st

from dashboard import widgets, words
from dashboard.image.data.readings import Reading, readings
from dashboard.image.data.table import label_rows, policy_rows
from dashboard.image.subject import ImageContext
from dashboard.image.text.labels import finding_and_class, is_mentioned, policy_class, policy_name, presence, said
from dashboard.notation import MANY, told_of
from dashboard.results import runs
from dashboard.results.downloads import CrossTable, Download
from dashboard.text.policies import rule_in_words


def show(context: ImageContext) -> None:
    """Draws both tables."""
    raw = readings(context.comparison.run, key=context.key)
    left, right = st.columns([1.35, 1], gap="large")
    with left:
        st.markdown("**As they were given**")
        if raw:
            _show_raw(context, raw)
        else:
            st.markdown(told_of(context.noun, ":gray[No labels of this image are recorded.]"))
    with right:
        st.markdown("**Under each label policy**")
        _show_policies(context)


def _show_raw(context: ImageContext, raw: tuple[Reading, ...]) -> None:
    are_few = len(runs.classes(context.comparison.run)) <= MANY
    shown = [reading for reading in raw if is_mentioned(reading) or (are_few and reading.matched is not None)]
    names = list(dict.fromkeys(name for reading in raw for name in reading.by_reader))
    widgets.table(
        {
            "Finding": [finding_and_class(reading) for reading in shown],
            **{words.plain(name): [said(reading, reader=name) for reading in shown] for name in names},
        },
        alt="What each reader or column says of each finding",
    )
    rest = [words.plain(reading.finding) for reading in raw if reading not in shown]
    if rest:
        st.caption(f"Neither present nor uncertain for anyone: {', '.join(rest)}.")
    run = context.comparison.run
    widgets.download(
        Download(
            run=run.name,
            name="image_labels",
            holds=f"What each reader or column says of each finding of the {context.noun} {context.key[1]}",
            rows=lambda: label_rows(run, context.key, raw),
            layout=CrossTable(down=("name", "finding"), across="reader", cell="value"),
        )
    )


def _show_policies(context: ImageContext) -> None:
    widgets.table(
        {
            "Policy": [policy_name(truth, shown=context.truth) for truth in context.truths],
            "Class": [policy_class(truth) for truth in context.truths],
            "Present": [presence(truth) for truth in context.truths],
        },
        alt=told_of(context.noun, "The class of this image under each label policy"),
    )
    for truth in context.truths:
        st.caption(f"**{words.plain(words.policy(truth.policy))}**: {words.plain(rule_in_words(truth.rule))}")
    run = context.comparison.run
    widgets.download(
        Download(
            run=run.name,
            name="image_policies",
            holds=f"The class of the {context.noun} {context.key[1]} under each label policy, and those present",
            rows=lambda: policy_rows(run, context.key, context.truths),
            layout=CrossTable(down=("policy", "class", "left_out"), across="finding", cell="present"),
        )
    )
