"""The Performance page on small real files: its numbers are those of the file, part by part."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from unittest.mock import patch

import pytest
from sklearn.metrics import roc_auc_score
from streamlit.testing.v1 import AppTest

from cxr_core.findings import FINDINGS
from dashboard.performance.data import confidence, curves
from dashboard.performance.data.configurations import METRICS
from dashboard.performance.text.names import titled
from tests.support.made.attributes import HOSTILE, group_by
from tests.support.made.performance import EXTERNAL, INTERNAL, answers, scores, write
from tests.support.made.runs import INTERNAL as INTERNAL_SITE
from tests.support.pages import Opened, answer, as_read, numbers, written
from tests.support.results import change, frame

SCORES = ("macro_f1", "macro_auroc", "macro_average_precision")
PARTS = ("configurations", "classes", "curves", "calibration", "confidence", "subgroups")


def _chart(app: AppTest) -> Mapping[str, list[Mapping[str, object]]]:
    (chart,) = app.get("plotly_chart")
    spec: Mapping[str, list[Mapping[str, object]]] = json.loads(chart.proto.spec)
    return spec


def _alt(app: AppTest) -> str:
    (chart,) = app.get("plotly_chart")
    return str(chart.proto.alt).replace("\u00a0", " ")


def _written(app: AppTest) -> str:
    layout: Mapping[str, Iterable[Mapping[str, str]]] = _chart(app)["layout"]  # type: ignore[assignment]
    texts = " ".join(note["text"] for note in layout["annotations"])
    return re.sub(r"<[^>]+>", "", texts).replace("\u00a0", " ")


def _percent(share: float) -> str:
    return f"{_points(share)} %"


def _decimal(score: float) -> str:
    return f"{score:.3f}".replace("-", "\u2212")


def _points(share: float) -> str:
    return f"{100 * share:.1f}".replace("-0.0", "0.0").replace("-", "\u2212")


def test_the_answer_names_the_largest_and_the_smallest_gap(open_page: Opened, results: Path) -> None:
    path = write(results)
    gap = frame(
        path, "FROM gap WHERE metric = 'recall' AND task = 'single_class' AND stratum = 'all' AND NOT not_estimable"
    )
    gap = gap[(gap["internal_policy"] == "dominant") & (gap["external_policy"] == "u_ignore")]
    smallest, largest = (gap.loc[gap["value"] == each].iloc[0] for each in (gap["value"].min(), gap["value"].max()))
    app = open_page(page="performance", part="classes")
    said = answer(app)
    first, second, few = re.split(r"(?<=\))\. ", said)
    for sentence, row in ((first, largest), (second, smallest)):
        assert row["finding"] in sentence
        parts = [row[key] for key in ("internal_value", "external_value", "value", "low", "high")]
        assert numbers(sentence)[:5] == [_points(part) for part in parts]
    assert "Consolidation" in few
    assert "Both lost: " in written(app)  # AUROC beside recall


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_one_picture_its_words_and_a_download(open_page: Opened, results: Path, part: str) -> None:
    write(results)
    app = open_page(page="performance", part=part)
    assert [title.value for title in app.title] == ["Which findings survive the journey?"]
    assert len(_alt(app)) > 40
    assert {"CSV", "Markdown", "LaTeX"} <= {button.proto.label for button in app.get("download_button")}
    shown = f"{written(app)} {_alt(app)} {_written(app)}"
    assert not re.search(r"\b(N/A|nan|None|null|single_class|external_test|split-0)\b", shown)


def test_only_the_part_that_is_shown_is_computed(open_page: Opened, results: Path) -> None:
    write(results)
    with (
        patch.object(confidence, "confidence", side_effect=AssertionError),
        patch.object(curves, "curve", side_effect=AssertionError),
    ):
        open_page(page="performance")


def test_four_configurations_are_those_of_the_file(open_page: Opened, results: Path) -> None:
    path = write(results)
    app = open_page(page="performance")
    metric = frame(path, "FROM metric WHERE model_id IN ('split', 'full') AND stratum = 'all' AND finding IS NULL")
    alt = _alt(app)
    for name in METRICS:
        own = metric[metric["metric"] == name].set_index(["model_id", "role", "policy"])["value"]
        said = re.search(rf"{titled(name)}: ([^.]|\.\d)*", alt)
        assert said is not None
        internal, external = own["split", "internal_test", "dominant"], own["split", "external_test", "u_ignore"]
        write_one = _decimal if name in SCORES else _percent
        expected = f"split, ensemble, internal test {write_one(internal)}, external test {write_one(external)}"
        assert expected in said.group()
        training = own["full", "train", "dominant"]
        assert f"full, ensemble, training images {write_one(training)}, external test" in said.group()
    table = app.table[0].value.map(as_read).set_index("Gap, shares in points")
    assert list(table.index) == [titled(metric) for metric in METRICS]
    lost = frame(path, "FROM gap WHERE metric = 'macro_recall' AND internal_policy = 'dominant'")
    (row,) = lost[lost["external_policy"] == "u_ignore"].itertuples()
    expected = f"{_points(row.value)} [{_points(row.low)}, {_points(row.high)}]"
    assert table.loc["Macro recall", "split, ensemble"] == expected
    # Its single members average other classes internally than externally.
    assert table.loc["Macro recall", "split, single (mean of 3)"] == "not estimable"
    assert "internally without Consolidation" in written(app)
    assert list(table.columns) == ["split, ensemble", "split, single (mean of 3)"]  # full has no gap to tell


@pytest.mark.parametrize(("metric", "task"), [("recall", None), ("auroc", "finding"), ("specificity", None)])
def test_classes_are_those_of_the_file(open_page: Opened, results: Path, metric: str, task: str | None) -> None:
    path = write(results)
    address = {"metric": metric, **({"task": task} if task else {})}
    app = open_page(page="performance", part="classes", **address)
    stored = frame(path, f"FROM metric WHERE model_id = 'split' AND stratum = 'all' AND metric = '{metric}'")
    stored = stored[stored["task"] == (task or "single_class")].set_index(["finding", "role", "policy"])
    written = _written(app)
    for finding in FINDINGS:
        for test in (("internal_test", "dominant"), ("external_test", "u_ignore")):
            row = stored.loc[(finding, *test)]
            if row["not_estimable"]:
                negatives = row["n"] - row["n_positive"]
                few = f"{negatives} negatives" if metric == "specificity" else f"{row['n_positive']} positives"
                assert f"not estimable: {few}" in written
            elif metric == "auroc":
                assert f"{_decimal(row['value'])} [{_decimal(row['low'])}, {_decimal(row['high'])}]" in written
            else:
                assert f"{_percent(row['value'])} [{_points(row['low'])}, {_points(row['high'])}]" in written
    assert ("every image where presence is known" in app.caption[0].value) == (task == "finding")


def test_the_other_images_are_offered_only_where_scores_are_ranked(open_page: Opened, results: Path) -> None:
    write(results)
    offered = [len(open_page(page="performance", part="classes", metric=each).button_group) for each in ("f1", "auroc")]
    assert offered[1] == offered[0] + 1
    # A task that the metric does not have changes nothing.
    wrong = open_page(page="performance", part="classes", metric="f1", task="finding")
    assert "images with exactly one class" in wrong.caption[0].value


def test_curves_are_those_of_the_scores(open_page: Opened, results: Path) -> None:
    path = write(results)
    app = open_page(page="performance", part="curves", finding="Cardiomegaly")
    lines = [trace for trace in _chart(app)["data"] if trace.get("mode") == "lines" and trace["xaxis"] == "x"]
    assert len(lines) == 2
    both = answers(path, INTERNAL)
    present = both["class"] == FINDINGS.index("Cardiomegaly")
    across, up = _numbers(lines[0], "x"), _numbers(lines[0], "y")
    area = sum((x1 - x0) * (y0 + y1) / 2e4 for x0, x1, y0, y1 in zip(across, across[1:], up, up[1:], strict=False))
    assert area == pytest.approx(roc_auc_score(present, scores(both, "Cardiomegaly")))


def test_a_class_with_too_few_images_has_no_curve(open_page: Opened, results: Path) -> None:
    write(results)
    app = open_page(page="performance", part="curves", finding="Consolidation")
    assert "9 positives in 240 images" in _written(app)
    lines = [trace for trace in _chart(app)["data"] if trace.get("mode") == "lines" and trace["xaxis"] == "x"]
    assert len(lines) == 1


def test_confidence_and_calibration_are_those_of_the_scores(open_page: Opened, results: Path) -> None:
    path = write(results)
    said = written(open_page(page="performance", part="confidence"))
    for where, test in (("internally", INTERNAL), ("externally", EXTERNAL)):
        both = answers(path, test)
        sure, right = both["confidence"].mean(), both["is_right"].mean()
        assert f"on average {_percent(sure)} sure {where} and right on {_percent(right)}" in said
    assert "Always answering" in said
    both = answers(path, EXTERNAL)
    bins = both.groupby((both["confidence"] * 10).astype(int).clip(upper=9))
    error = sum(abs((own["is_right"] - own["confidence"]).sum()) for _, own in bins) / len(both)
    calibration = written(open_page(page="performance", part="calibration"))
    assert _points(error) in numbers(calibration)


def test_groups_are_those_of_the_file(open_page: Opened, results: Path) -> None:
    path = write(results)
    written = _written(open_page(page="performance", part="subgroups", finding="Cardiomegaly"))
    stored = frame(
        path,
        "FROM metric WHERE model_id = 'split' AND metric = 'recall' AND finding = 'Cardiomegaly' "
        "AND task = 'single_class' AND policy IN ('dominant', 'u_ignore') AND role != 'train'",
    )
    assert len(stored) > 10
    for row in stored.itertuples():
        if row.not_estimable:
            assert f"not estimable: {row.n_positive} positives" in written
        else:
            number = f"{_percent(row.value)} [{_points(row.low)}, {_points(row.high)}] n = {row.n_positive:,}"
            assert number in written


@pytest.mark.parametrize("part", PARTS)
def test_a_model_trained_on_all_images_has_no_internal_test(open_page: Opened, results: Path, part: str) -> None:
    write(results)
    app = open_page(page="performance", part=part, model="full")
    assert "no internal test of this model" in answer(app)
    if part != "configurations":
        assert "none: trained on all" in _written(app)
        assert not [trace for trace in _chart(app)["data"] if _is_drawn(trace) and _color(trace) == "#0072B2"]


@pytest.mark.parametrize("part", PARTS)
def test_a_run_without_an_external_site_says_so(open_page: Opened, results: Path, part: str) -> None:
    write(results, sites=(INTERNAL_SITE,))
    app = open_page(page="performance", part=part)
    assert "no external test" in answer(app)


@pytest.mark.parametrize("part", PARTS)
def test_a_class_that_is_missing_is_no_error_and_no_number(open_page: Opened, results: Path, part: str) -> None:
    path = write(results)
    change(
        path,
        "DELETE FROM metric WHERE finding = 'No Finding'; DELETE FROM gap WHERE finding = 'No Finding'; "
        "UPDATE reference SET class = NULL WHERE class = 0",
    )
    app = open_page(page="performance", part=part, finding="No Finding")
    if part == "subgroups":
        assert "No image of No Finding was tested" in written(app)
        assert not app.get("plotly_chart")
    elif part == "curves":
        assert answer(app) == "No Finding: not estimable, without a label."
        assert not app.get("plotly_chart")
    else:
        assert "nan" not in _written(app)


@pytest.mark.parametrize("part", PARTS)
def test_a_wrong_address_shows_the_default(open_page: Opened, results: Path, part: str) -> None:
    write(results)
    wrong = {"metric": "x", "task": "<b>", "finding": "../..", "bins": "0"}
    assert _chart(open_page(page="performance", part=part, **wrong)) == _chart(open_page(page="performance", part=part))


def test_a_wrong_part_shows_the_first(open_page: Opened, results: Path) -> None:
    write(results)
    assert "Accuracy" in _alt(open_page(page="performance", part="nonsense"))


def test_too_few_images_are_a_sentence_and_no_empty_axis(open_page: Opened, results: Path) -> None:
    path = write(results)
    change(path, "UPDATE metric SET not_estimable = TRUE WHERE role != 'train'; UPDATE gap SET not_estimable = TRUE")
    app = open_page(page="performance")
    drawn = [trace for trace in _chart(app)["data"] if _is_drawn(trace)]
    assert all(_color(trace) not in {"#0072B2", "#C44E00"} for trace in drawn)
    assert "accuracy not estimable" in answer(app)
    assert not app.table
    for part in ("classes", "curves", "subgroups"):
        app = open_page(page="performance", part=part)
        assert not app.exception
        assert not app.get("plotly_chart")
        assert "not estimable" in answer(app)
        assert not re.search(r"\d %", answer(app))


def _is_drawn(trace: Mapping[str, object]) -> bool:
    return bool(trace.get("x"))


def _numbers(trace: Mapping[str, object], axis: str) -> list[float]:
    values = trace[axis]
    assert isinstance(values, list)
    return values


def _color(trace: Mapping[str, object]) -> object:
    marker, line = trace.get("marker"), trace.get("line")
    if isinstance(marker, dict):
        outline = marker.get("line")
        return outline.get("color") if isinstance(outline, dict) else marker.get("color")
    return line.get("color") if isinstance(line, dict) else None


def test_groups_by_attribute_are_shown_and_said_to_be_some(open_page: Opened, results: Path) -> None:
    path = write(results)
    group_by(path, ["manufacturer=Agfa", f"{HOSTILE[0]}={HOSTILE[1]}"], role="internal_test")
    app = open_page(page="performance", part="subgroups")
    assert not app.exception
    said = "\n".join(str(element.value) for element in (*app.markdown, *app.caption))
    assert HOSTILE[0] not in said
    plain = said.replace("\\", "")
    assert "Images whose view, sex, age, " in plain
    assert "the values that at least 30 test images of a site have, at most twelve of each." in plain
