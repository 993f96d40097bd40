"""Lists of findings: what members say, what is near an image, what each policy says, and studies called studies."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.labels.data.prevalence import prevalences
from dashboard.notation import told_of
from dashboard.results.case_filter import CaseFilter
from dashboard.results.case_list import case_counts
from dashboard.results.comparison import TestSet
from dashboard.results.downloads import BEGINNING
from dashboard.results.finding_cases import finding_case_rows, finding_cases
from tests.dashboard.test_downloads import LISTED
from tests.support.made import findings as made
from tests.support.made.answers import write_answers
from tests.support.pages import Downloads, Opened, assert_is_whole, figures, sent, written
from tests.support.results import change, frame, key_of

AWAY = TestSet(model="split", dataset="away", policy="as_labelled", role="external_test")
EDEMA = CaseFilter(finding="Edema")


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return Downloads(monkeypatch)


def _said(path: Path) -> dict[str, tuple[bool, tuple[bool, ...], float]]:
    """From each image whose Edema is known to what the ensemble and its members say, and how far these are apart."""
    known = frame(path, "FROM reference WHERE dataset = 'away' AND policy = 'as_labelled' AND NOT isnan(present[1])")
    rows = frame(path, "SELECT image_id, model_id, probability[1] AS score FROM prediction WHERE dataset = 'away'")
    wide = rows[rows["image_id"].isin(known["image_id"])].pivot(index="image_id", columns="model_id", values="score")
    members = wide[["split-0", "split-1", "split-2"]].to_numpy()
    flags = members >= np.float32(0.5)
    apart = members.max(axis=1) - members.min(axis=1)
    ensemble = (wide["split"] >= np.float32(0.5)).tolist()
    return {
        image: (own, tuple(of.tolist()), float(spread))
        for image, own, of, spread in zip(wide.index, ensemble, flags, apart, strict=True)
    }


def test_members_agree_where_their_own_scores_are_on_the_same_side_of_the_threshold(results: Path) -> None:
    path = made.write(results, "ensemble")
    said, run = _said(path), key_of(path)
    differing = {image for image, (own, members, _) in said.items() if any(each != own for each in members)}
    assert 0 < len(differing) < len(said)
    for members, expected in (("differ", differing), ("agree", said.keys() - differing)):
        wanted = CaseFilter(finding="Edema", members=members)
        found = finding_cases(run, AWAY, wanted, offset=0, limit=1000)
        assert {case.key[1] for case in found} == expected
        assert case_counts(run, AWAY, wanted).cases == len(expected)
    for case in finding_cases(run, AWAY, EDEMA, offset=0, limit=1000):
        assert (case.members, case.members_flagging) == (3, sum(said[case.key[1]][1]))


def test_the_most_disputed_come_first(results: Path) -> None:
    path = made.write(results, "ensemble")
    said = _said(path)
    found = finding_cases(key_of(path), AWAY, CaseFilter(finding="Edema", sort="most_disputed"), offset=0, limit=1000)
    others = [sum(each != own for each in members) for own, members, _ in (said[case.key[1]] for case in found)]
    assert others == sorted(others, reverse=True)
    assert others[0] > others[-1]


def test_cases_of_an_ensemble_are_filtered_and_told_by_members(
    results: Path, open_page: Opened, downloads: Downloads
) -> None:
    for kind in ("ensemble", "trained", "scores"):
        made.write(results, kind)
    app = open_page(page="cases", run="ensemble", finding="Edema", members="differ", sort="most_disputed")
    assert_is_whole(app)
    assert not app.warning
    assert "members differ" in written(app)
    items = sent(app, "gallery")["items"]
    assert "of 3 members flag it" in items[0]["soft"]  # type: ignore[index, call-overload]
    row = downloads.rows("cases_finding_Edema_external")[0]
    assert row["members"] == "3"
    assert row["members_flagging"] in {"1", "2"}
    for kind in ("trained", "scores"):
        alone = open_page(page="cases", run=kind, finding="Edema")
        assert "members" not in {each.label for each in alone.selectbox}
        assert "members" not in json.dumps(sent(alone, "gallery")["items"])


def test_a_list_without_members_says_that_there_are_none(results: Path) -> None:
    path = made.write(results, "scores")
    test = TestSet(model="scores", dataset="away", policy="as_labelled", role="external_test")
    rows = finding_case_rows(key_of(path), test, EDEMA)
    assert {(row["members"], row["members_flagging"]) for row in rows} == {(0, 0)}


def test_nearest_images_of_findings_are_those_with_the_greatest_cosine(
    results: Path, open_page: Opened, downloads: Downloads
) -> None:
    path = made.write(results, "ensemble")
    app = open_page(page="image", part="nearest", of="away", img="away007")
    assert_is_whole(app)
    rows = frame(path, "FROM feature WHERE dataset = 'away' ORDER BY image_id")
    rows["unit"] = [np.asarray(vector) / np.linalg.norm(vector) for vector in rows["vector"]]
    cosine = 0.0
    for _, of_member in rows.groupby("model_id"):
        units = of_member.set_index("image_id")["unit"]
        cosine = cosine + units.map(lambda unit, own=units["away007"]: float(unit @ own)) / 3
    nearest = cosine.drop("away007").sort_values(ascending=False).head(8)
    found = [row for row in downloads.rows("image_nearest_findings") if row["dataset"] == "away"]
    assert [row["image_id"] for row in found] == list(nearest.index)
    assert [float(row["cosine"]) for row in found] == pytest.approx(list(nearest), abs=1e-6)
    present = frame(path, "FROM reference WHERE dataset = 'away' AND policy = 'as_labelled'").set_index("image_id")
    for row in found:
        stated = np.ma.filled(present.loc[row["image_id"], "present"], np.nan)
        assert row["present_findings"] == "; ".join(np.array(made.THREE)[stated == 1])
    assert [*found[0]] == [*BEGINNING, *LISTED["image_nearest_findings"]]


def test_prevalence_under_each_policy_is_that_of_the_file(
    results: Path, open_page: Opened, downloads: Downloads
) -> None:
    path = made.write(results, "ensemble")
    for mix in prevalences(key_of(path), AWAY):
        stored = frame(path, "FROM reference WHERE dataset = 'away'")
        rows = stored[stored["policy"] == mix.policy]
        present = np.stack([np.ma.filled(each, np.nan) for each in rows["present"]])
        known = (~np.isnan(present)).sum(axis=0)
        assert [row.share.n for row in mix.classes] == list(known)
        assert [row.images for row in mix.classes] == list((present == 1).sum(axis=0))
        assert known[2] == 0
        assert np.isnan(mix.classes[2].share.value)
    app = open_page(page="labels", under="all")
    assert_is_whole(app)
    assert len(figures(app)) == 2
    assert "<i>unknown</i>" in str(figures(app))
    rows = downloads.rows("labels_prevalence_by_policy_external")
    assert {row["policy"] for row in rows} == {"as_labelled", "u_ones"}
    assert [*rows[0]] == [*BEGINNING, *LISTED["labels_prevalence_by_policy"]]


def test_of_one_policy_there_is_no_choice(results: Path, open_page: Opened) -> None:
    made.write(results, "scores")
    assert "choose_under" not in {each.key for each in open_page(page="labels").button_group}


def test_what_a_site_does_not_label_is_unknown_beside_what_occurs_together(results: Path, open_page: Opened) -> None:
    made.write(results, "scores")
    app = open_page(page="labels", part="names")
    assert "Unknown externally, not labelled there: Fracture." in written(app)
    drawn = str(figures(app))
    assert "<i>unknown</i>" in drawn
    assert "0: too few" not in drawn


@pytest.mark.parametrize("kind", ["scores", "flags", "ensemble"])
def test_help_speaks_of_pictures_and_saliency_only_where_there_are_any(
    kind: str, results: Path, open_page: Opened
) -> None:
    made.write(results, kind)
    said = written(open_page(page="image"))
    assert ("what the model saw" in said) == (kind == "ensemble")
    assert ("zoom" in said) == (kind == "ensemble")
    assert ("threshold; ticks" in said) == (kind != "flags")


_PAGES = (
    {"page": "runs"},
    {"page": "overview"},
    *({"page": "performance", "part": part} for part in ("classes", "threshold", "curves", "subgroups")),
    {"page": "confusion"},
    {"page": "shift"},
    {"page": "cases"},
    {"page": "cases", "id": "home003", "outcome": "missed"},
    *({"page": "image", "part": part} for part in ("labels", "about")),
    *({"page": "labels", "part": part} for part in ("distribution", "flow", "names")),
)

# Of studies, too, these are images: files, and what a network was trained on.
_IMAGES = re.compile(r"no image files|no image or map can be shown|which images this model was trained on|hide_image")


def _all_text(app: AppTest) -> str:
    controls = [
        str(value)
        for each in app.main
        for name in ("help", "label", "placeholder")
        if (value := getattr(each, name, None))
    ]
    return "\n".join((written(app), str(figures(app)), *controls))


def test_studies_are_called_studies_on_every_page(results: Path, open_page: Opened, downloads: Downloads) -> None:
    made.write(results, "studies")
    for address in _PAGES:
        app = open_page(model="scores", **address)
        assert not app.warning, address
        text = _IMAGES.sub("", _all_text(app))
        assert re.findall(r".{0,60}\bimages?\b.{0,40}", text, re.IGNORECASE) == [], address
    assert {name: table.holds for name, table in downloads.tables.items() if "image" in table.holds.lower()} == {}


def test_the_list_of_runs_counts_studies(results: Path, open_page: Opened) -> None:
    for kind in ("studies", "scores"):
        made.write(results, kind)
    rows = {row["id"]: row for row in sent(open_page(page="runs"), "run_list")["rows"]}  # type: ignore[attr-defined, union-attr]
    assert rows["studies"]["images"].endswith(" external studies")
    assert rows["scores"]["images"].endswith(" external")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Which images did it get wrong?", "Which studies did it get wrong?"),
        ("An image has one answer; find an image", "A study has one answer; find a study"),
        ("Images of an imager", "Studies of an imager"),
    ],
)
def test_what_is_written_about_images_is_told_of_studies(text: str, said: str) -> None:
    assert told_of("study", text) == said
    assert told_of("image", text) == text


_OF_CLASSES = (
    {"page": "confusion"},
    {"page": "cases", "true": "Cardiomegaly"},
    {"page": "image"},
    {"page": "labels"},
    {"page": "labels", "under": "all"},
    {"page": "labels", "part": "names"},
)


def test_studies_with_one_class_are_called_studies_too(results: Path, open_page: Opened, downloads: Downloads) -> None:
    path = write_answers(results)
    change(path, "UPDATE dataset SET unit = 'study'; UPDATE image SET file = NULL")
    change(path, "UPDATE model SET origin = 'brought', regime = NULL, member = NULL")
    for address in _OF_CLASSES:
        text = _IMAGES.sub("", _all_text(open_page(model="split", **address)))
        assert re.findall(r".{0,60}\bimages?\b.{0,40}", text, re.IGNORECASE) == [], address
    assert {name: table.holds for name, table in downloads.tables.items() if "image" in table.holds.lower()} == {}
