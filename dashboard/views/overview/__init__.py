"""Overview: how far does it travel?"""

from collections.abc import Sequence

import streamlit as st

from dashboard import cells, palette, widgets, words
from dashboard.charts import overview as charts
from dashboard.numbers import NOT_ESTIMABLE
from dashboard.queries import runs
from dashboard.queries.overview import no_skill, paper, recalls, sample
from dashboard.queries.overview.accuracies import Configuration, Selection, as_csv, configurations
from dashboard.queries.predictions import Role
from dashboard.sentences import overview as sentences
from dashboard.state import Place

_LEGEND = ":orange-badge[◆ external test] :blue-badge[● internal test] :gray-badge[○ training images, no test]"

_HOW_TO_READ = """
**Internal test**: images of the site it was trained at that it did not see. **External test**: another site. **Training
images**: those it was trained on; how well it does there says nothing about new patients.

**split** was trained on one part of the images at home and is tested on the rest; **full** was trained on all of them.
An **ensemble** averages the answers of its members; **single** is the mean of its members, each alone.

In brackets, and as a bar through a mark: the 95 % interval over patients, or over images where patients are not
recorded. For single members: from the lowest to the highest.

The gray band ends at the **best constant answer**: always the class that is most frequent abroad. None of the other
answers without skill can be higher.
"""


def show(place: Place) -> None:
    """Draws the page."""
    _show_title(place)
    selection = Selection(internal=place.internal, home=place.home, site=place.site, abroad=place.abroad)
    rows = configurations(place.run, selection)
    row = next((row for row in rows if row.model == place.model), None)
    if row is None:
        st.markdown("This model was not tested under these label policies.")
        return
    internal, external = _sample(place, role="internal_test"), _sample(place, role="external_test")
    abroad = _no_skill(place, role="external_test")
    st.markdown(sentences.how_far(row, abroad=abroad))
    caution = sentences.few_images(internal=internal, external=external)
    if caution:
        st.markdown(f"**{caution}**")
    picture, facts = st.columns([3.4, 1], gap="large")
    with picture:
        st.markdown(_LEGEND)
        figure = charts.dumbbells(rows, no_skill=abroad, palette=palette.current())
        st.plotly_chart(figure, key="dumbbells", config={"displayModeBar": False}, alt=sentences.described(rows))
    with facts:
        _show_recalls(recalls.recalls(place.run, selection, model=place.model))
    _show_table(place, rows)
    st.caption(
        f"Internal test: {sentences.tested_on(internal)}. External test: {sentences.tested_on(external)}. "
        f"{sentences.brackets(internal=internal, external=external)}"
    )
    _show_more(place, rows, selection)


def _show_title(place: Place) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title("How far does it travel?", anchor=False, width="content")
        with st.popover("How to read this", type="tertiary", icon=":material/help:", width="content"):
            st.markdown(_HOW_TO_READ)
            for dataset, policy in (place.where("internal_test"), place.where("external_test")):
                if dataset and policy:
                    rule = runs.policy_rule(place.run, dataset=dataset, policy=policy)
                    st.markdown(sentences.policy_rule(dataset=dataset, policy=policy, rule=rule))


def _show_recalls(found: recalls.Recalls) -> None:
    for row, label in zip(found.lost, ("Lost most", "Lost next"), strict=False):
        widgets.fact(label, words.plain(row.finding), sentences.recall_change(row))
    if found.kept is not None:
        widgets.fact("Kept best", words.plain(found.kept.finding), sentences.recall_change(found.kept))
    if found.too_few:
        widgets.fact("Too few images to tell", f"{len(found.too_few)} of 6 classes", sentences.too_few(found.too_few))
    if not (found.lost or found.kept or found.too_few):
        widgets.fact("Classes lost and kept", NOT_ESTIMABLE, "needs an internal and an external test")


def _show_table(place: Place, rows: Sequence[Configuration]) -> None:
    columns = {
        "Configuration": [sentences.configuration(row) for row in rows],
        ":gray-badge[training images]": [cells.training(row.training) for row in rows],
        ":blue-badge[internal test]": [cells.share(row.internal, absent=_no_internal(row)) for row in rows],
        ":orange-badge[external test]": [cells.share(row.external, absent="none") for row in rows],
        "points lost": [cells.lost(row.lost) for row in rows],
    }
    if paper.is_comparable(place.run, site=place.site):
        reported = [paper.reported(regime=row.regime, is_ensemble=row.members is None) for row in rows]
        columns["paper, home"] = [cells.paper_home(each) for each in reported]
        columns["paper, abroad"] = [cells.paper_abroad(each) for each in reported]
    widgets.table(columns, alt="Accuracy of each configuration on its training images, at home and abroad")


def _no_internal(row: Configuration) -> str:
    return "none: trained on all" if row.regime == "full" else "none"


def _show_more(place: Place, rows: tuple[Configuration, ...], selection: Selection) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.download_button(
            "Download this table",
            data=lambda: as_csv(rows, selection),
            file_name=f"{place.run.name}_overview.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
        with st.popover("Answers without skill", type="tertiary", icon=":material/casino:"):
            _show_no_skill(place)
        notes = runs.notes(place.run)
        if notes:
            with st.popover(f"Notes on this run ({len(notes)})", type="tertiary", icon=":material/notes:"):
                st.markdown("\n".join(f"- {words.plain(note)}" for note in notes))


def _show_no_skill(place: Place) -> None:
    home, abroad = _no_skill(place, role="internal_test"), _no_skill(place, role="external_test")
    widgets.table(
        {
            "Answers without looking at the image": list(cells.NO_SKILL_LINES.values()),
            "at home": cells.no_skill(home),
            "abroad": cells.no_skill(abroad),
        },
        alt="What answers without skill reach at home and abroad",
    )


def _no_skill(place: Place, *, role: Role) -> no_skill.NoSkill | None:
    dataset, policy = place.where(role)
    return no_skill.no_skill(place.run, model=place.model, dataset=dataset, policy=policy, role=role)


def _sample(place: Place, *, role: Role) -> sample.Sample:
    dataset, policy = place.where(role)
    return sample.sample(place.run, model=place.model, dataset=dataset, policy=policy, role=role)
