"""Training on small real files: its numbers are those of the file, and what cannot be known is said in words."""

import json
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.experiment import PAPER
from cxr_core.settings import Recipe
from tests.support.made.runs import EXTERNAL, INTERNAL, OFFICIAL, MadeRun
from tests.support.made.training import (
    FALLING,
    LEVEL,
    RISING,
    TRAIN,
    add_epochs,
    add_mix,
    cross_entropy,
    entropy,
    set_recipe,
)
from tests.support.pages import Opened, answer, as_read, written

MEMBERS = {f"{regime}-{i}": RISING if regime == "split" else None for regime in ("split", "full") for i in range(3)}
IMAGES = {"internal_test": 641, "external_test": 300, "train": 2563}
MIX = (100, 60, 50, 30, 20, 5)
TRAINED, HELD_OUT = (2000, 240, 240, 9, 9, 9), (200, 20, 20, 0, 0, 0)


def _table(app: AppTest) -> pd.DataFrame:
    frame = app.table[0].value
    return frame.rename(columns=lambda name: as_read(name).lstrip("●◆○ ")).map(as_read)


def _figures(app: AppTest) -> dict[str, dict[str, list[dict[str, object]]]]:
    return {
        name: json.loads(chart.proto.spec)
        for chart in app.get("plotly_chart")
        for name in ("losses", "train_test_gap", "pace", "rates")
        if f"-{name}" in chart.proto.id
    }


def _percent(share: float) -> str:
    return f"{round(100 * share, 1):.1f}"


@pytest.fixture
def path(results: Path) -> Path:
    """The paper's run with epochs, a recipe and the mix of its classes."""
    made = MadeRun(images=IMAGES).write(results)
    add_epochs(made, MEMBERS)
    set_recipe(made)
    for role in ("train", "internal_test"):
        add_mix(made, model="split", role=role, policy="dominant", positives=MIX)
    return made


def test_the_answer_says_the_train_test_gap_and_whether_it_overfitted(open_page: Opened, path: Path) -> None:
    assert path.is_file()
    assert answer(open_page(page="training")) == (
        "split is right on 97.1 % of its 2,563 training images and 63.3 % [59.6, 67.0] of 641 held-out ones, "
        "above always answering “No Finding” (25.1 %): a train-test gap of 33.8 points [30.0, 37.5]. "
        "full is right on 95.0 % of its 2,563 training images; nothing was held out. "
        "The loss on held-out images was lowest after epoch 2 and rose by 0.30 in all 3 members: "
        "what came after was overfitting."
    )


def test_the_table_is_that_of_the_file(open_page: Opened, path: Path) -> None:
    with duckdb.connect(str(path), read_only=True) as connection:
        metric = connection.execute(
            "FROM metric WHERE metric = 'accuracy' AND dataset = 'vinbigdata' AND policy = 'majority'"
        ).df()
    table = _table(open_page(page="training", internal_policy="majority")).set_index("Model")
    names = {"split": "split, ensemble", "full": "full, ensemble"} | {
        f"{regime}-{i}": f"{regime}, member {i + 1}" for regime in ("split", "full") for i in range(3)
    }
    value = metric.set_index(["model_id", "role"])["value"]

    assert list(table.index) == [names[model] for model in ("split", *list(MEMBERS)[:3], "full", *list(MEMBERS)[3:])]
    for row in metric.itertuples():
        column = {"train": "training images", "internal_test": "internal test"}[row.role]
        assert table.loc[names[row.model_id], column].startswith(f"{_percent(row.value)} %")
        assert table.loc[names[row.model_id], column].endswith(f"n = {row.n:,}")
    for model in ("split", "split-1"):
        difference = value[model, "train"] - value[model, "internal_test"]
        assert table.loc[names[model], "train-test gap"].startswith(_percent(difference))
    assert set(table.loc["full, ensemble":, "internal test"].str.strip()) == {"nothing held out"}
    assert set(table.loc["full, ensemble":, "train-test gap"]) == {"not known"}


def test_training_images_are_gray_open_circles_and_badged(open_page: Opened, path: Path) -> None:
    assert path.is_file()
    app = open_page(page="training")
    assert ":gray-badge[○ training images]" in app.table[0].value.columns
    figures = _figures(app)
    for trace in (*figures["losses"]["data"], *figures["train_test_gap"]["data"]):
        is_training = "training images" in str(trace["hovertemplate"])
        assert trace["marker"]["line"]["color"] == ("#6D6D6D" if is_training else "#0072B2")
        assert trace["marker"]["color"] == ("#FFFFFF" if is_training else "#0072B2")


def test_the_picture_holds_every_epoch_of_every_member(open_page: Opened, path: Path) -> None:
    assert path.is_file()
    figures = _figures(open_page(page="training"))
    figure = figures["losses"]
    lines = [tuple(trace["y"]) for trace in figure["data"]]
    assert lines.count(TRAIN) == 6
    assert lines.count(RISING) == 3
    assert len(lines) == 9
    floor = entropy(MIX)
    assert f"no skill {floor:.2f}" in json.dumps(figure)
    assert [trace["y"] for trace in figures["rates"]["data"]] == [[1e-3] * 4] * 2


def test_a_spike_leaves_the_frame_and_is_marked(open_page: Opened, results: Path) -> None:
    path = MadeRun(images=IMAGES, regimes=("split",), members=1).write(results)
    add_epochs(path, {"split-0": (1.6, 9.5, 1.0, 0.9)})
    for role in ("train", "internal_test"):
        add_mix(path, model="split", role=role, policy="dominant", positives=MIX)
    app = open_page(page="training")
    figure = _figures(app)["losses"]
    top = figure["layout"]["yaxis"]["range"][1]
    assert top == pytest.approx(2 * entropy(MIX))
    (spike,) = [trace for trace in figure["data"] if trace["marker"].get("symbol") == "triangle-up"]
    assert (spike["x"], spike["y"], spike["customdata"]) == ([2], [top], [9.5])
    said = f"▲ above the frame, which ends at {top:.2f}: 1 of 4 losses on held-out images, up to 9.50."
    assert said in written(app)

    app = open_page(page="training", axis="log")
    figure = _figures(app)["losses"]
    low, high = (10**end for end in figure["layout"]["yaxis"]["range"])
    assert figure["layout"]["yaxis"]["type"] == "log"
    assert low < min(TRAIN) < 9.5 < high
    assert not [trace for trace in figure["data"] if trace["marker"].get("symbol") == "triangle-up"]
    assert "above the frame" not in written(app)


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ((FALLING, FALLING), "The loss on held-out images was still falling at the end in all 2 members."),
        ((FALLING, LEVEL), "The loss on held-out images was still falling at the end in 1 of 2 members."),
        ((LEVEL, LEVEL), "The loss on held-out images had levelled off at the end, and did not rise again."),
        ((RISING, FALLING), "The loss on held-out images was lowest after epoch 2 and rose by 0.30 in 1 of 2 members"),
    ],
)
def test_the_course_of_the_loss_is_told(
    open_page: Opened, results: Path, losses: tuple[tuple[float, ...], ...], said: str
) -> None:
    path = MadeRun(images=IMAGES, regimes=("split",), members=2).write(results)
    add_epochs(path, {f"split-{i}": values for i, values in enumerate(losses)})
    assert said in answer(open_page(page="training"))


def test_a_loss_above_that_of_an_answer_without_a_look_is_not_learning(open_page: Opened, results: Path) -> None:
    path = MadeRun(images=IMAGES, regimes=("split",), members=1).write(results)
    add_epochs(path, {"split-0": RISING})
    add_mix(path, model="split", role="train", policy="dominant", positives=TRAINED)
    add_mix(path, model="split", role="internal_test", policy="dominant", positives=HELD_OUT)
    assert (
        f"split has not learned: its loss on held-out images ends at 1.30, without a look it is "
        f"{cross_entropy(HELD_OUT, trained=TRAINED):.2f}."
    ) in answer(open_page(page="training"))


def test_a_loss_between_the_mix_of_the_test_and_that_of_the_training_has_learned_something(
    open_page: Opened, results: Path
) -> None:
    path = MadeRun(images=IMAGES, regimes=("split",), members=1).write(results)
    assert entropy(HELD_OUT) < 0.9 < cross_entropy(HELD_OUT, trained=MIX)
    add_epochs(path, {"split-0": FALLING})
    add_mix(path, model="split", role="train", policy="dominant", positives=MIX)
    add_mix(path, model="split", role="internal_test", policy="dominant", positives=HELD_OUT)
    assert "has not learned" not in answer(open_page(page="training"))


def test_a_loss_on_fewer_than_thirty_images_as_patients_count_is_not_estimable(
    open_page: Opened, results: Path
) -> None:
    path = MadeRun(images=IMAGES, regimes=("split",), members=1).write(results)
    add_epochs(path, {"split-0": RISING})
    for role, positives in (("train", TRAINED), ("internal_test", HELD_OUT)):
        add_mix(path, model="split", role=role, policy="dominant", positives=positives)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE metric SET not_estimable = TRUE WHERE metric = 'accuracy' AND role = 'internal_test'"
        )
    app = open_page(page="training")
    assert "has not learned" not in answer(app)
    assert "The loss of split on held-out images is not estimable: they are too few." in answer(app)
    assert [tuple(trace["y"]) for trace in _figures(app)["losses"]["data"]] == [TRAIN]
    assert "0.30 on training images, not estimable on held-out images" in app.get("plotly_chart")[0].proto.alt


def test_what_rests_on_too_few_images_is_never_shown_as_a_number(open_page: Opened, results: Path) -> None:
    few = {"internal_test": 10, "external_test": 25, "train": 37}
    path = MadeRun(images=few, not_estimable=True).write(results)
    add_epochs(path, MEMBERS)
    app = open_page(page="training")
    assert "on held-out ones not estimable: 10 images." in answer(app)
    assert set(_table(app)["train-test gap"]) == {"not estimable", "not known"}
    assert not re.search(
        r"63\.3|33\.8|60\.3", written(app) + json.dumps(_figures(app)["train_test_gap"]) + str(_table(app))
    )


def test_below_the_best_constant_answer_is_said(open_page: Opened, path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE metric SET value = 0.7 WHERE metric = 'no_skill_best_constant' AND role = 'internal_test'"
        )
    assert "below always answering “No Finding” (70.0 %): a train-test gap of 33.8 points" in answer(
        open_page(page="training")
    )


def test_with_folds_the_members_speak_for_themselves(open_page: Opened, results: Path) -> None:
    path = MadeRun(images=IMAGES, regimes=("split",), members=2).write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE model SET fold = member, member = 0 WHERE member IS NOT NULL")
        connection.execute("DELETE FROM metric WHERE model_id = 'split' AND role = 'train'")
    add_epochs(path, {"split-0": FALLING, "split-1": FALLING})
    app = open_page(page="training")
    train, new = (0.9712 - 0.10 + 0.9712 - 0.04) / 2, (0.6334 - 0.05 + 0.6334 - 0.02) / 2
    assert answer(app).startswith(
        f"split (mean of 2 members, each alone) is right on {_percent(train)} % of its 2,563 "
        f"training images and {_percent(new)} % 58.3 to 61.3 of 641 held-out ones"
    )
    assert list(_table(app)["Model"]) == ["split, ensemble", "split, fold 1, member 1", "split, fold 2, member 1"]


def test_an_official_test_is_new_to_the_full_regime_too(open_page: Opened, results: Path) -> None:
    path = MadeRun(images=IMAGES, sites=(INTERNAL, OFFICIAL, EXTERNAL)).write(results)
    add_epochs(path, MEMBERS)
    app = open_page(page="training", internal="vinbigdata_test")
    assert "full is right on 95.0 % of its 2,563 training images and 64.2 % [60.5, 67.9] of" in answer(app)
    assert _table(app).set_index("Model").loc["full, ensemble", "train-test gap"].startswith("30.8 [")


def test_the_recipe_is_told_in_words(open_page: Opened, path: Path) -> None:
    assert path.is_file()
    said = written(open_page(page="training"))
    for line in (
        "Network: ResNet-18",
        "Starts from: weights trained on ImageNet",
        "Sees: 224 by 224 pixels, frontal views",
        "VinBigData: 2,563 images (split), 2,563 images (full), label policy “most-marked class”, at most 805 of",
        "3 networks for each of split and full, 20 % held out for split, seed 0",
        "5 epochs, batches of 32, stochastic gradient descent with momentum 0.9, single precision",
        "Learning rate: 0.001, constant",
        "no weight decay, images shown as they are, all images weigh the same",
        "Weights kept: those after the last epoch: nothing was chosen",
        "Ran on: a processor (CPU)",
        "11,000,000 in each network",
        "108 seconds, all members added up",
        "60 minutes, from its start to the finished results",
    ):
        assert line in said


def test_another_recipe_reads_otherwise(open_page: Opened, path: Path) -> None:
    changed = Recipe(
        optimizer="adamw", weight_decay=0.01, schedule="cosine", class_weights="balanced", augment="light",
        precision="bf16", select="early_stopping",
    )  # fmt: skip
    set_recipe(path, replace(PAPER, recipe=changed, folds=5), parent="paper-0000")
    said = written(open_page(page="training"))
    for line in (
        "AdamW, mixed precision (bf16)",
        "falling to 0 along a cosine",
        "weight decay 0.01, images shifted, rotated and changed in contrast a little, never mirrored, rare classes",
        "those of the best epoch, stopped when",
        "split: 5 folds, each held out by 3 networks of its own",
        "These members were trained in the run paper-0000",
    ):
        assert line in said


def test_a_run_without_epochs_or_recipe_says_so(open_page: Opened, results: Path) -> None:
    MadeRun(images=IMAGES).write(results)
    app = open_page(page="training")
    assert "This run holds no epochs" in written(app)
    assert "Network: not recorded" in written(app)
    assert set(_figures(app)) == {"train_test_gap"}


def test_names_from_a_strangers_file_are_plain_text(open_page: Opened, path: Path) -> None:
    bad = "![x](https://example.org/x.png)"
    with duckdb.connect(str(path)) as connection:
        config = json.dumps({"experiment": {"network": {"architecture": bad, "weights": bad}, "views": bad}})
        connection.execute("UPDATE run SET parent = ?, device = ?, config = ?", [bad, bad, config])
        connection.execute("UPDATE metric SET finding = ? WHERE finding = 'No Finding'", [bad])
    app = open_page(page="training")
    assert "example.org" in written(app)
    assert not any("![x](https" in str(element.value) for element in app.markdown)


def test_the_pictures_are_told_in_words_too(open_page: Opened, path: Path) -> None:
    assert path.is_file()
    alts = [chart.proto.alt for chart in open_page(page="training").get("plotly_chart")]
    assert "split, 3 members, after the last epoch: 0.30 on training images, 1.30 on held-out images" in alts[0]
    assert "full, 3 members, after the last epoch: 0.30 on training images, nothing held out" in alts[0]
    assert "split, ensemble: training images 97.1" in alts[1]
    assert "split: 0.001 to 0.001" in alts[2]
    assert "split: 3.0 to 6.0 seconds" in alts[3]


@pytest.mark.parametrize("seconds", ["nan", "inf"])
def test_a_time_that_is_no_number_is_not_told(results: Path, open_page: Opened, seconds: str) -> None:
    path = MadeRun().write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"UPDATE run SET seconds = '{seconds}'::DOUBLE")  # noqa: S608
    said = written(open_page(page="training"))
    assert "Ran on" in said
    assert "The last command took" not in said
