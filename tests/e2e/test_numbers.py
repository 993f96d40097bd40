"""What pages show and let one take along, beside an independent computation with pandas and scikit-learn."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score, roc_auc_score

from cxr_core.findings import FINDINGS
from tests.support.big_run.size import Size
from tests.support.big_run.writing import write_run
from tests.support.browser import Watched, watch
from tests.support.real_run import RealRun
from tests.support.serving import DASHBOARD, served

SIZE = Size(
    name="numbers", internal=1500, external=900, internal_left_out=40, external_left_out=60, members=2, shown=300,
    features=8, epochs=3,
)  # fmt: skip
TESTS = {"internal test": ("vinbigdata", "internal_test"), "external test": ("chexpert_train", "external_test")}
ROLES = {**TESTS, "training images": ("vinbigdata", "train")}
POLICY = {"vinbigdata": "dominant", "chexpert_train": "u_ignore"}


class Reader:
    """A tab on the made-up run, and that run's tables."""

    def __init__(self, watched: Watched, address: str, path: Path) -> None:
        self.watched = watched
        self.address = address
        self.path = path

    def open(self, page: str, **keys: str) -> str:
        """Opens a page and gives all its text, with plain spaces and signs."""
        self.watched.open(f"{self.address}/?{urlencode({'run': SIZE.name, 'page': page, **keys})}")
        text = self.watched.page.get_by_test_id("stMain").inner_text()
        return text.replace("\u00a0", " ").replace("\u2212", "-")

    def taken(self, page: str, label: str = "CSV", nth: int = 0, **keys: str) -> pd.DataFrame:
        """A table that a page lets one take along, by the words of its button."""
        self.open(page, **keys)
        self.watched.page.get_by_role("button", name=re.compile("^(download )?Download th")).first.click()
        button = self.watched.page.get_by_role("button", name=label, exact=True).nth(nth)
        with self.watched.page.expect_download() as coming:
            button.click()
        return pd.read_csv(coming.value.path())


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Reader]:
    results = tmp_path_factory.mktemp("numbers")
    path = write_run(results, size=SIZE, seed=5)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    watched = watch(context.new_page())
    with served(DASHBOARD, results=results) as server:
        yield Reader(watched, server.address, path)
    assert watched.complaints == []
    context.close()


@pytest.fixture(scope="module")
def predictions(reader: Reader) -> pd.DataFrame:
    """Every prediction with its class under the policies that pages show at first."""
    run = RealRun.frame_of(
        reader.path,
        "SELECT p.*, r.class, r.policy, i.view, i.sex, i.age_years FROM prediction AS p "
        "JOIN reference AS r USING (dataset, image_id) JOIN image AS i USING (dataset, image_id)",
    )
    shown = run[run["policy"] == run["dataset"].map(POLICY)].dropna(subset=["class"])
    return shown.assign(
        right=shown["class"] == shown["predicted"],
        confidence=[max(probability) for probability in shown["probability"]],
    )


def of(predictions: pd.DataFrame, quantity: str, *, model: str = "split") -> pd.DataFrame:
    dataset, role = ROLES[quantity]
    rows = predictions
    return rows[(rows["model_id"] == model) & (rows["dataset"] == dataset) & (rows["role"] == role)]


def score(metric: str, own: pd.DataFrame, index: int) -> float:
    """One metric of one class against the rest, by scikit-learn."""
    present, answered = own["class"] == index, own["predicted"] == index
    ranked = [probability[index] for probability in own["probability"]]
    given = {
        "recall": (recall_score, answered),
        "precision": (precision_score, answered),
        "f1": (f1_score, answered),
        "specificity": (partial(recall_score, pos_label=False), answered),
        "auroc": (roc_auc_score, ranked),
        "average_precision": (average_precision_score, ranked),
    }
    function, answers = given[metric]
    return float(function(present, answers))


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def test_overview(reader: Reader, predictions: pd.DataFrame) -> None:
    text = reader.open("overview")
    internal, external = (of(predictions, name) for name in TESTS)
    constant = external["class"].value_counts(normalize=True).iloc[0]
    lost = internal["right"].mean() - external["right"].mean()
    assert (
        f"Right on {percent(internal['right'].mean())} at home and {percent(external['right'].mean())} abroad" in text
    )
    assert f"a gap of {100 * lost:.1f} points" in text
    assert f"” ({percent(constant)})" in text
    taken = reader.taken("overview")
    rows = taken[taken["metric"] == "accuracy"]
    quantities = {role: quantity for quantity, (_, role) in ROLES.items()}
    for row in rows.to_dict("records"):
        quantity, regime = quantities[row["role"]], row["regime"]
        models = [regime] if row["spread"] == "interval" else [f"{regime}-0", f"{regime}-1"]
        expected = [of(predictions, quantity, model=one)["right"].mean() for one in models]
        assert row["value"] == pytest.approx(np.mean(expected))
        assert row["n"] == len(of(predictions, quantity, model=models[0]))
    assert not ((rows["regime"] == "full") & (rows["role"] == "internal_test")).any()
    gaps = reader.taken("overview", label="CSV of the gaps").set_index(["metric", "model"])
    assert gaps.loc[("accuracy", "split"), "value"] == pytest.approx(lost)
    ranked = taken[(taken["metric"] == "macro_auroc") & (taken["model"] == "split")].set_index("role")["value"]
    for own, (_, role) in zip((internal, external), TESTS.values(), strict=True):
        enough = [
            index for index in range(6) if min((own["class"] == index).sum(), (own["class"] != index).sum()) >= 30
        ]
        expected = np.mean([score("auroc", own, index) for index in enough])
        assert ranked[role] == pytest.approx(expected)
        assert f"{expected:.3f}" in text


def test_performance_of_the_four_configurations(reader: Reader, predictions: pd.DataFrame) -> None:
    rows = reader.taken("performance").set_index(["metric", "model", "role"])["value"]
    for metric in ("precision", "recall", "f1", "specificity", "auroc", "average_precision"):
        for quantity in ROLES:
            own = of(predictions, quantity)
            enough = [index for index in range(6) if (own["class"] == index).sum() >= 30]
            expected = np.mean([score(metric, own, index) for index in enough])
            assert rows[f"macro_{metric}", "split", ROLES[quantity][1]] == pytest.approx(expected)


@pytest.mark.parametrize("metric", ["recall", "precision", "f1", "specificity", "auroc", "average_precision"])
def test_performance_class_by_class(reader: Reader, predictions: pd.DataFrame, metric: str) -> None:
    rows = reader.taken("performance", part="classes", metric=metric).set_index(["finding", "role"])
    assert len(rows) == 12
    for quantity in TESTS:
        own = of(predictions, quantity)
        for index, finding in enumerate(FINDINGS):
            row = rows.loc[(finding, TESTS[quantity][1])]
            assert row["value"] == pytest.approx(score(metric, own, index))
            assert row["n_positive"] == (own["class"] == index).sum()
            assert row["n"] == len(own)


def test_performance_confidence_and_subgroups(reader: Reader, predictions: pd.DataFrame) -> None:
    bins = reader.taken("performance", part="confidence").groupby("role")[["n", "n_right"]].sum()
    groups = reader.taken("performance", part="subgroups").set_index(["metric", "role", "stratum"]).loc["accuracy"]
    for quantity, (_, role) in TESTS.items():
        own = of(predictions, quantity)
        assert list(bins.loc[role]) == [len(own), own["right"].sum()]
        for column, name, members in (("sex", "sex=F", ["F"]), ("view", "view=PA", ["PA"]), ("sex", "sex=M", ["M"])):
            group = own[own[column].isin(members)]
            assert groups.loc[(role, name), "n"] == len(group)
            assert groups.loc[(role, name), "value"] == pytest.approx(group["right"].mean())


def test_labels(reader: Reader, predictions: pd.DataFrame) -> None:
    rows = reader.taken("labels").set_index(["dataset", "finding"])
    for quantity, (dataset, _) in TESTS.items():
        own = of(predictions, quantity)
        for index, finding in enumerate(FINDINGS):
            assert rows.loc[(dataset, finding), "n_positive"] == (own["class"] == index).sum()
            assert rows.loc[(dataset, finding), "value"] == pytest.approx((own["class"] == index).mean())
    steps = reader.taken("labels", part="flow").set_index(["dataset", "step"])
    assert steps.loc[("vinbigdata", "all"), "n"] == SIZE.internal + SIZE.internal_left_out
    assert steps.loc[("chexpert_train", "all"), "n"] == SIZE.external + SIZE.external_left_out
    for quantity, (dataset, _) in TESTS.items():
        assert steps.loc[(dataset, "kept"), "n"] == len(of(predictions, quantity))


def test_training(reader: Reader, predictions: pd.DataFrame) -> None:
    rows = reader.taken("training")
    epochs = RealRun.frame_of(reader.path, "SELECT model_id, epoch, train_loss FROM epoch")
    losses = epochs.set_index(["model_id", "epoch"])["train_loss"].to_dict()
    shown = reader.taken("training", nth=1)
    assert len(shown) == len(epochs)
    for row in shown.itertuples():
        assert row.train_loss == pytest.approx(losses[row.model, row.epoch])
    for regime in ("split", "full"):
        found = rows[(rows["model"] == regime) & (rows["role"] == "train")]["value"]
        expected = of(predictions, "training images", model=regime)["right"].mean()
        assert list(found) == [pytest.approx(expected)]


def test_confusion(reader: Reader, predictions: pd.DataFrame) -> None:
    rows = reader.taken("confusion")
    text = reader.open("confusion")
    for quantity, (dataset, role) in TESTS.items():
        own = of(predictions, quantity)
        expected = pd.crosstab(own["class"], own["predicted"]).reindex(index=range(6), columns=range(6), fill_value=0)
        of_test = rows[(rows["dataset"] == dataset) & (rows["role"] == role)]
        found = of_test.pivot_table(index="class", columns="predicted", values="count", sort=False)
        assert found.loc[list(FINDINGS), list(FINDINGS)].to_numpy().tolist() == expected.to_numpy().tolist()
    external = of(predictions, "external test")
    most = max(range(6), key=lambda index: (external["predicted"] == index).sum() - (external["class"] == index).sum())
    called, are = (external["predicted"] == most).mean(), (external["class"] == most).mean()
    said = rf"Externally, {percent(called)} \[[^]]+\] of {len(external)} images are predicted as {FINDINGS[most]}, "
    assert re.search(rf"{said}where {percent(are)} \[[^]]+\] are", text)


def test_cases(reader: Reader, predictions: pd.DataFrame) -> None:
    external = of(predictions, "external test")
    text = reader.open("cases")
    wrong = external[~external["right"]]
    assert f"Wrong on {len(wrong):,} of {len(external):,} external images" in text
    keys = {"got": "wrong", "true": "Cardiomegaly", "view": "AP", "sex": "F", "conf": "40-90"}
    kept = wrong.query("`class` == 1 and view == 'AP' and sex == 'F' and 0.4 <= confidence <= 0.9")
    expected = kept.sort_values(["confidence", "image_id"], ascending=[False, True])
    found = reader.taken("cases", **keys)
    assert list(found["image_id"]) == list(expected["image_id"])
    assert f"{len(expected)} of {len(external)} external images" in reader.open("cases", **keys)
    np.testing.assert_allclose(found["probability_of_predicted"], expected["confidence"], rtol=1e-5)


def test_image(reader: Reader, predictions: pd.DataFrame) -> None:
    worst = of(predictions, "external test").query("not right").nlargest(1, "confidence").iloc[0]
    text = reader.open("image")
    true, answered = FINDINGS[int(worst["class"])], FINDINGS[int(worst["predicted"])]
    sure, of_true = percent(worst["confidence"]), percent(worst["probability"][int(worst["class"])])
    assert f"{true} taken for {answered} with {sure}; the true class got {of_true}" in text
    found = reader.taken("image").pivot_table(index="model", columns="finding", values="probability")
    own = predictions[predictions["image_id"] == worst["image_id"]].set_index("model_id")
    for model in ("split", "split-0", "split-1"):
        np.testing.assert_allclose(found.loc[model, list(FINDINGS)], own.loc[model, "probability"], rtol=1e-5)


def test_saliency(reader: Reader, predictions: pd.DataFrame) -> None:
    rows = reader.taken("saliency").query("metric == 'hit_rate'").set_index("finding")
    boxes = RealRun.frame_of(
        reader.path, "SELECT image_id, finding, reader, x0, y0, x1, y1 FROM box WHERE dataset = 'vinbigdata'"
    )
    maps = RealRun.frame_of(
        reader.path,
        "SELECT image_id, maps, height, width FROM saliency WHERE model_id = 'split' AND dataset = 'vinbigdata'",
    ).set_index("image_id")
    own = of(predictions, "internal test").set_index("image_id")
    for index, finding in list(enumerate(FINDINGS))[1:]:
        of_class = own.index[own["class"] == index].intersection(maps.index)
        boxed = boxes[boxes["image_id"].isin(of_class) & (boxes["finding"].str.lower() == finding.lower())]
        hits = [
            np.mean([readers_hit(maps.loc[image], index, marks) for _, marks in own_boxes.groupby("reader")])
            for image, own_boxes in boxed.groupby("image_id")
        ]
        assert rows.loc[finding, "n_with_boxes"] == len(hits)
        assert rows.loc[finding, "value"] == pytest.approx(np.mean(hits))


def readers_hit(saliency: pd.Series, index: int, marks: pd.DataFrame) -> bool:
    """Whether the peak of a class's map lies in one of a reader's boxes."""
    shape = (6, saliency["height"], saliency["width"])
    own = np.frombuffer(saliency["maps"], np.uint8).reshape(shape)[index]
    row, column = np.unravel_index(own.argmax(), own.shape)
    y, x = (row + 0.5) / own.shape[0], (column + 0.5) / own.shape[1]
    return bool(((marks["x0"] <= x) & (x <= marks["x1"]) & (marks["y0"] <= y) & (y <= marks["y1"])).any())
