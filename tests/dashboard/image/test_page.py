"""The Image page shows what the file holds of one image, and walks from one to the next."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core import localization
from cxr_core.findings import FINDINGS
from dashboard.image.text.answer import not_asked
from dashboard.words import plain
from tests.support.made import image as made_image
from tests.support.made.answers import judged
from tests.support.made.attributes import HOSTILE, put
from tests.support.made.runs import EXTERNAL, INTERNAL, MadeRun
from tests.support.pages import Opened, as_read, images, sent, written
from tests.support.results import change, frame

Json = dict[str, Any]

FIRST = "SELECT * FROM prediction WHERE model_id = 'split' AND dataset = '{}' AND image_id = '{}'"


@pytest.fixture
def path(results: Path) -> Path:
    return made_image.write(results)


def asked(app: AppTest, key: str) -> str | None:
    """What the address says now."""
    value = app.query_params.get(key)
    return value[0] if isinstance(value, list) else value


def table(app: AppTest, number: int) -> dict[str, list[str]]:
    shown = app.table[number].value
    return {column: [str(cell).replace("\\", "") for cell in shown[column]] for column in shown.columns}


def most_confidently_wrong(path: Path) -> str:
    rows = judged(path, model="split", dataset=EXTERNAL.dataset, role="external_test", policy="u_ignore")
    wrong = rows[rows["predicted"] != rows["class"]].sort_values(["confidence", "image_id"], ascending=[False, True])
    return str(wrong["image_id"].iloc[0])


def test_it_opens_on_the_external_image_most_confidently_wrong(path: Path, open_page: Opened) -> None:
    app = open_page(page="image")

    assert sent(app, "viewer")["image"] == f"{EXTERNAL.dataset}/{most_confidently_wrong(path)}"
    assert "most confidently wrong" in written(app)


def test_bars_and_ticks_are_those_of_the_file(path: Path, open_page: Opened) -> None:
    app = open_page(page="image", of=EXTERNAL.dataset, img="i7")

    rows = frame(path, "FROM prediction WHERE dataset = 'chexpert_train' AND image_id = 'i7'").set_index("model_id")
    true = int(
        frame(path, "SELECT class FROM reference WHERE dataset = 'chexpert_train' AND image_id = 'i7'")["class"][0]
    )
    predicted = int(rows.loc["split", "predicted"])
    bars = sent(app, "probabilities")["bars"]
    assert [bar["finding"] for bar in bars] == list(FINDINGS)
    for index, bar in enumerate(bars):
        assert bar["share"] == pytest.approx(rows.loc["split", "probability"][index])
        ticks = [rows.loc[model, "probability"][index] for model in made_image.MEMBERS]
        assert [tick["share"] for tick in bar["ticks"]] == pytest.approx(ticks)
        expected = "none" if index not in {true, predicted} else "right" if index == true else "wrong"
        assert bar["mark"] == expected


def test_the_viewer_has_the_maps_of_ensemble_and_members_scaled_by_the_strongest(path: Path, open_page: Opened) -> None:
    viewer = sent(open_page(page="image", of=EXTERNAL.dataset, img="i7"), "viewer")

    rows = frame(path, "FROM saliency WHERE dataset = 'chexpert_train' AND image_id = 'i7'").set_index("model_id")
    assert [layer["name"] for layer in viewer["layers"]] == ["ensemble", "member 1", "member 2", "member 3"]
    for layer, model in zip(viewer["layers"], ("split", *made_image.MEMBERS), strict=True):
        assert base64.b64decode(layer["values"]) == bytes(rows.loc[model, "maps"])
        scale = rows.loc[model, "scale"]
        assert layer["strengths"] == pytest.approx([each / max(scale) for each in scale])
        values = np.frombuffer(bytes(rows.loc[model, "maps"]), np.uint8).reshape(len(FINDINGS), layer["height"], -1)
        assert np.array([peak["at"] for peak in layer["peaks"]]) == pytest.approx(localization.peaks(values))
    predicted = int(frame(path, FIRST.format(EXTERNAL.dataset, "i7"))["predicted"][0])
    assert viewer["first"] == predicted
    assert "predicted" in viewer["roles"][predicted]
    assert viewer["src"] is None
    assert viewer["aspect"] == pytest.approx(0.8)
    assert viewer["noBoxes"] == "no boxes at this site"


def test_boxes_of_the_six_classes_and_of_other_findings_are_kept_apart(path: Path, open_page: Opened) -> None:
    change(path, "INSERT INTO box VALUES ('vinbigdata', 'i0', 'Pleural effusion', 'R9', 0.1, 0.1, 0.9, 0.9)")
    change(path, "INSERT INTO box VALUES ('vinbigdata', 'i0', 'Edema', 'R8', 0.1, 0.1, 0.2, 0.2)")

    boxes = sent(open_page(page="image", of=INTERNAL.dataset, img="i0"), "viewer")["boxes"]

    assert [(box["finding"], box["reader"], box["kind"]) for box in boxes] == [
        ("Pleural Effusion", "R9", "class"),
        ("Edema", "R8", "other"),
    ]


def test_a_training_image_is_badged_and_judged_neither_right_nor_wrong(path: Path, open_page: Opened) -> None:
    app = open_page(page="image", model="full", of=INTERNAL.dataset, img="i3")

    assert "training image of this model" in written(app)
    marks = {bar["mark"] for bar in sent(app, "probabilities")["bars"]}
    assert marks == {"training", "none"}
    assert not any(":material/check:" in each.value or ":material/close:" in each.value for each in app.markdown)
    assert path.exists()


def test_an_image_without_a_single_class_is_neither_right_nor_wrong(path: Path, open_page: Opened) -> None:
    change(
        path,
        "UPDATE reference SET class = NULL, left_out = 'several', present = [0, 1, 1, 0, 0, 0] WHERE image_id = 'i7'",
    )

    app = open_page(page="image", of=EXTERNAL.dataset, img="i7")

    assert "(several findings): Cardiomegaly and Nodule/Mass." in written(app)
    bars = sent(app, "probabilities")["bars"]
    assert {bar["mark"] for bar in bars} == {"plain", "none"}
    assert [bar["finding"] for bar in bars if "present" in bar["said"]] == ["Cardiomegaly", "Nodule/Mass"]


def test_the_policy_that_is_picked_judges(path: Path, open_page: Opened) -> None:
    change(path, "UPDATE reference SET class = 2 WHERE policy = 'u_ones' AND image_id = 'i7'")

    app = open_page(page="image", of=EXTERNAL.dataset, img="i7", external_policy="u_ones")

    assert "true" in sent(app, "viewer")["roles"][2]


@pytest.mark.parametrize(("of", "img"), [(EXTERNAL.dataset, "no such image"), ("../..", "i7"), ("", "")])
def test_an_unknown_image_is_said_and_none_shown_until_it_is_taken_out(
    path: Path, open_page: Opened, of: str, img: str
) -> None:
    app = open_page(page="image", of=of, img=img)

    assert "an image that this run does not hold" in written(app)
    assert images(app) == []
    assert not [button for button in app.button if button.key == "next"]
    app.button(key="take_out").click().run()
    assert "does not hold" not in written(app)
    assert sent(app, "viewer")["image"].endswith(most_confidently_wrong(path))


def test_an_id_can_be_copied_and_the_button_says_how_a_tables_own_name_is_found(path: Path, open_page: Opened) -> None:
    address = {"page": "image", "of": EXTERNAL.dataset, "img": "i7"}
    assert sent(open_page(**address), "copyable")["text"] == "i7"
    change(path, "UPDATE dataset SET reader = 'table' WHERE dataset = 'chexpert_train'")
    note = sent(open_page(**address), "copyable")["note"]
    assert f"python train.py lookup {path.parent.name} ID" in str(note)


def test_another_image_of_the_patient_without_a_single_class_says_so(path: Path, open_page: Opened) -> None:
    change(path, "UPDATE image SET patient_id = 'who' WHERE dataset = 'chexpert_train' AND image_id IN ('i7', 'i8')")
    change(path, "UPDATE reference SET class = NULL WHERE image_id = 'i8'")
    app = open_page(page="image", of=EXTERNAL.dataset, img="i7", part="about")
    (tile,) = sent(app, "gallery")["items"]
    assert "no single class" in tile["soft"]


def test_an_image_that_the_model_was_not_asked_about(path: Path, open_page: Opened) -> None:
    change(path, "DELETE FROM prediction WHERE image_id = 'i7'")
    change(path, "UPDATE image SET left_out = 'sample', content_hash = NULL WHERE image_id = 'i7'")

    for part in ("nearest", "labels", "original", "about"):
        app = open_page(page="image", of=EXTERNAL.dataset, img="i7", part=part)
        assert as_read(not_asked(left_out="sample")) in written(app)
        assert sent(app, "viewer")["layers"] == []


def test_next_and_previous_walk_and_keep_the_part(path: Path, open_page: Opened) -> None:
    rows = judged(path, model="split", dataset=EXTERNAL.dataset, role="external_test", policy="u_ignore")
    order = rows.sort_values(["confidence", "image_id"], ascending=[False, True])["image_id"].tolist()
    app = open_page(page="image", of=EXTERNAL.dataset, img=order[0], part="labels")
    assert app.button(key="previous").disabled

    app.button(key="next").click().run()
    assert asked(app, "img") == order[1]
    assert asked(app, "part") == "labels"
    assert "2 of 120" in written(app)

    app.button(key="previous").click().run()
    assert asked(app, "img") == order[0]


def test_a_press_that_still_names_the_image_left_a_moment_ago_goes_on(path: Path, open_page: Opened) -> None:
    rows = judged(path, model="split", dataset=EXTERNAL.dataset, role="external_test", policy="u_ignore")
    order = rows.sort_values(["confidence", "image_id"], ascending=[False, True])["image_id"].tolist()
    app = open_page(page="image", of=EXTERNAL.dataset, img=order[0])
    app.button(key="next").click().run()

    app.query_params["img"] = order[0]  # the browser has not heard of the step yet
    app.button(key="next").click().run()

    assert asked(app, "img") == order[2]


def test_from_no_image_the_walk_goes_on_in_the_list_that_is_named(path: Path, open_page: Opened) -> None:
    app = open_page(page="image")
    label = app.button(key="back_to_list").label

    app.button(key="next").click().run()

    assert asked(app, "img") != most_confidently_wrong(path)
    assert app.button(key="back_to_list").label == label


def test_back_leads_to_the_list(path: Path, open_page: Opened) -> None:
    address = {"from": "confusion", "at": "external", "true": "No Finding", "predicted": "No Finding"}
    rows = judged(path, model="split", dataset=EXTERNAL.dataset, role="external_test", policy="u_ignore")
    image = rows[(rows["class"] == 0) & (rows["predicted"] == 0)]["image_id"].iloc[0]
    app = open_page(page="image", of=EXTERNAL.dataset, img=str(image), part="labels", **address)

    app.button(key="back_to_list").click().run()

    assert asked(app, "page") == "confusion"
    assert "img" not in app.query_params


def test_labels_as_given_and_under_each_policy(path: Path, open_page: Opened) -> None:
    change(path, "UPDATE reference SET class = 2 WHERE policy = 'majority' AND image_id = 'i0'")

    app = open_page(page="image", of=INTERNAL.dataset, img="i0", part="labels")

    raw = table(app, 0)
    assert list(raw) == ["Finding", "R8", "R9", "R10"]
    assert raw["R9"] == ["**present**", ":gray[absent]", "*uncertain*", *[":gray[not mentioned]"] * 3, "**present**"]
    policies = table(app, 1)
    by_policy = dict(zip(policies["Policy"], policies["Class"], strict=True))
    assert by_policy["over half of readers"] == "**Nodule/Mass**"


def test_nearest_images_are_tiles_that_lead_to_their_pages(path: Path, open_page: Opened) -> None:
    app = open_page(page="image", of=EXTERNAL.dataset, img="i7")

    galleries = [each.proto for each in app.get("bidi_component") if each.proto.component_name == "gallery"]
    internal, external = (json.loads(each.json)["items"] for each in galleries)
    true = int(
        frame(path, "SELECT class FROM reference WHERE dataset = 'chexpert_train' AND image_id = 'i7'")["class"][0]
    )
    assert {item["strong"] for item in internal} <= {FINDINGS[true]}
    assert {item["mark"] for item in internal} <= {"right"}
    assert len(external) == 8
    assert "img=i7&" not in "".join(item["href"] + "&" for item in external)
    likeness = [float(item["soft"]) for item in external]
    assert likeness == sorted(likeness, reverse=True)


def test_without_features_the_nearest_images_cannot_be_told(path: Path, open_page: Opened) -> None:
    change(path, "DELETE FROM feature")

    assert "stores no features" in written(open_page(page="image", of=EXTERNAL.dataset, img="i7"))


def test_the_patient_is_told_by_the_other_images_and_never_named(path: Path, open_page: Opened) -> None:
    app = open_page(page="image", of=EXTERNAL.dataset, img="i7", part="about")

    assert "Other images of this patient: 2" in written(app)
    assert "q2" not in written(app)
    assert path.exists()


def test_without_the_original_files_the_page_says_what_to_do(
    path: Path, open_page: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECOND_SITE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SECOND_SITE_DATA", raising=False)

    app = open_page(page="image", of=EXTERNAL.dataset, img="i7", part="original")

    assert "not on this machine" in written(app)
    assert "SECOND_SITE_DATA=chexpert=DIR" in written(app)
    assert "images/i7" not in written(app)
    assert path.exists()


def test_a_run_without_an_external_test_says_so(results: Path, open_page: Opened) -> None:
    MadeRun(sites=(INTERNAL,), images={"internal_test": 12, "external_test": 0, "train": 12}).write(results)

    assert "no external test" in written(open_page(page="image"))


def test_the_attributes_of_the_image_stand_with_its_facts(path: Path, open_page: Opened) -> None:
    put(path, EXTERNAL.dataset, "manufacturer", ["Agfa"])
    put(path, EXTERNAL.dataset, "year", ["2019"])
    app = open_page(page="image", of=EXTERNAL.dataset, img="i7", part="about")
    said = written(app)
    assert "Manufacturer  \nAgfa" in said
    assert "Year  \n2019" in said
    assert "Manufacturer" not in written(open_page(page="image", of=INTERNAL.dataset, img="i7", part="about"))


def test_a_strangers_attributes_of_an_image_are_plain_text(path: Path, open_page: Opened) -> None:
    for name in HOSTILE:
        put(path, EXTERNAL.dataset, name, [name])
    app = open_page(page="image", of=EXTERNAL.dataset, img="i7", part="about")
    assert not app.exception
    values = "\n".join(str(element.value) for element in app.markdown)
    assert not [name for name in HOSTILE if name in values]
    assert plain(HOSTILE[0]) in values


def test_attributes_of_one_name_but_for_its_case_are_all_told(path: Path, open_page: Opened) -> None:
    for name, value in (("model", "CR 85"), ("Model", "DX-D"), ("ward", "ICU"), ("ward", "ER")):
        put(path, EXTERNAL.dataset, name, [value])
    said = written(open_page(page="image", of=EXTERNAL.dataset, img="i7", part="about"))
    for name, value in (("Model", "CR 85"), ("Model", "DX-D"), ("Ward", "ICU"), ("Ward", "ER")):
        assert f"{name}  \n{value}" in said
