"""Each table that a page offers is read back and held against the results file, and against `docs/downloads.md`."""

import functools
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core.metrics import catalogue
from dashboard.results.downloads import BEGINNING, GAP_BEGINNING, NUMBER
from tests.support.big_run.small import SMALL, small_run
from tests.support.pages import Downloads, Opened
from tests.support.results import frame

DOCS = (Path(__file__).parents[2] / "docs" / "downloads.md").read_text(encoding="utf-8")
LISTED = {
    name: [part for each in columns.split(", ") for part in (NUMBER if each == "*numbers*" else (each,))]
    for name, columns in re.findall(r"^\| `(\w+)`[^|]*\|[^|]*\| ([^|]*?) \|$", DOCS, re.MULTILINE)
}
WITH_GAPS = set(re.findall(r"^\| `(\w+)`, with gaps", DOCS, re.MULTILINE))

OFFERED: Mapping[str, tuple[dict[str, str], set[str]]] = {
    "overview": ({}, {"overview_configurations"}),
    "labels": ({}, {"labels_mix"}),
    "labels, policies": ({"under": "all"}, {"labels_mix_by_policy_internal", "labels_mix_by_policy_external"}),
    "labels, flow": ({"part": "flow"}, {"labels_flow", "labels_policies"}),
    "labels, names": ({"part": "names"}, {"labels_names", "labels_agreement_devices", "labels_together"}),
    "labels, images": ({"part": "images"}, {"labels_images"}),
    "training": ({}, {"training_accuracy", "training_epochs"}),
    "performance": ({}, {"performance_configurations"}),
    "performance, classes": ({"part": "classes", "metric": "precision"}, {"performance_classes_precision"}),
    "performance, findings": (
        {"part": "classes", "metric": "auroc", "task": "finding"},
        {"performance_classes_auroc_finding"},
    ),
    "performance, curves": ({"part": "curves", "finding": "Cardiomegaly"}, {"performance_curves_Cardiomegaly"}),
    "performance, calibration": ({"part": "calibration"}, {"performance_calibration"}),
    "performance, confidence": ({"part": "confidence"}, {"performance_confidence"}),
    "performance, subgroups": ({"part": "subgroups"}, {"performance_subgroups"}),
    "performance, a class": (
        {"part": "subgroups", "finding": "Cardiomegaly"},
        {"performance_subgroups_Cardiomegaly"},
    ),
    "confusion": ({}, {"confusion_matrix"}),
    "cases": ({"true": "Cardiomegaly"}, {"cases_list_external"}),
    "image": ({}, {"image_probabilities", "image_nearest"}),
    "image, labels": ({"part": "labels"}, {"image_probabilities", "image_labels", "image_policies"}),
    "saliency": ({"finding": "Cardiomegaly"}, {"saliency_hit_rates", "saliency_images"}),
    "shift": ({}, {"shift_waterfall", "shift_findings_youden", "shift_local_patients", "shift_class_mix"}),
}
"""What each part of each page offers."""

KEY = ["model", "dataset", "role", "policy", "task", "stratum", "finding", "metric", "operating_point"]
GAP_KEY = [*GAP_BEGINNING[2:], *KEY[4:]]
VALUES = ["value", "low", "high", "n", "n_positive", "n_effective"]


Stored = Callable[[str], pd.DataFrame]
"""Gives a table of the results file."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_run(tmp_path_factory)


@pytest.fixture
def downloads(folder: Path, results: Path, monkeypatch: pytest.MonkeyPatch) -> Downloads:
    (results / SMALL.name).symlink_to(folder)
    return Downloads(monkeypatch)


@pytest.fixture(scope="module")
def stored(folder: Path) -> Stored:
    return functools.cache(lambda name: frame(folder / "results.duckdb", f"FROM {name}"))


def _listed(name: str) -> str:
    """What a table is called in the docs."""
    return max((listed for listed in LISTED if name == listed or name.startswith(f"{listed}_")), key=len)


OF_FINDINGS = {
    "overview_findings", "performance_threshold", "confusion_findings", "image_findings", "labels_prevalence",
    "cases_finding", "performance_calibration_findings", "performance_at_rule",
}  # fmt: skip
"""Of runs of findings that do not exclude each other."""

OF_ENSEMBLES = {"labels_prevalence_by_policy", "image_nearest_findings"}
"""Of those that the run itself trained, with features, under several label policies."""


def test_each_table_of_the_docs_is_offered_somewhere() -> None:
    offered = {_listed(name) for _, names in OFFERED.values() for name in names} | OF_FINDINGS | OF_ENSEMBLES
    assert offered == set(LISTED)
    assert offered > WITH_GAPS


@pytest.mark.parametrize("part", OFFERED)
def test_a_download_is_what_the_file_holds(part: str, downloads: Downloads, stored: Stored, open_page: Opened) -> None:
    address, names = OFFERED[part]
    open_page(page=part.partition(",")[0], **address)
    assert set(downloads.tables) == names
    for name in names:
        rows = pd.DataFrame(downloads.rows(name))
        assert [*rows] == [*BEGINNING, *LISTED[_listed(name)]]
        assert downloads.tables[name].stem.startswith(f"{SMALL.name}_{_listed(name)}")
        _check(rows, stored)
        assert (downloads.tables[name].gaps is not None) == (_listed(name) in WITH_GAPS)
        if _listed(name) in WITH_GAPS:
            gaps = pd.DataFrame(downloads.rows(name, "CSV of the gaps"))
            extra = [column for column in LISTED[_listed(name)] if column not in NUMBER]
            assert [*gaps] == [*GAP_BEGINNING, *NUMBER, *extra]
            _check_numbers(gaps, stored("gap"), key=GAP_KEY)


def _check(rows: pd.DataFrame, stored: Stored) -> None:
    assert len(rows)
    assert set(rows["run"]) == {SMALL.name}
    assert set(rows["synthetic"]) == {"true"}
    for column in ("model", "dataset", "role", "policy"):
        assert set(rows[column]) - {""} <= set(stored("metric")["model_id" if column == "model" else column])
    if "metric" in rows:
        _check_numbers(rows[rows["metric"].isin(catalogue.METRICS)], stored("metric"), key=KEY)
    if "image_id" in rows:
        patients = stored("image").set_index(["dataset", "image_id"])["patient_id"].fillna("")
        assert [patients[place] for place in zip(rows["dataset"], rows["image_id"], strict=True)] == [
            *rows["patient_id"]
        ]
    if "predicted" in rows and "image_id" in rows:
        _check_answers(rows, stored("prediction"), classes=stored("finding").sort_values("index")["name"].to_list())
    if "epoch" in rows:
        found = rows.set_index(["model", "epoch"])[["train_loss", "held_out_loss", "learning_rate"]]
        for each in stored("epoch").itertuples():
            own = found.loc[(each.model_id, str(each.epoch))]
            np.testing.assert_array_equal(_floats(own), [each.train_loss, each.held_out_loss, each.learning_rate])


def _check_numbers(rows: pd.DataFrame, stored: pd.DataFrame, *, key: list[str]) -> None:
    """Each row of a model is one of the table, and each mean is that of its members' rows there."""
    known = stored.rename(columns={"model_id": "model"}).assign(n_positive=lambda t: t.get("n_positive", np.nan))
    known = known.fillna({"finding": "", "operating_point": ""}).set_index(key).sort_index()
    for row in rows.to_dict("records"):
        place = tuple(row[name] for name in key)
        if row["model"]:
            (own,) = known.loc[[place]].to_dict("records")
            expected = [own.get(column, np.nan) for column in VALUES]
            assert row["not_estimable"] == str(own["not_estimable"]).lower()
            np.testing.assert_array_equal(_floats(pd.Series(row)[VALUES]), np.array(expected, float))
        elif "role" in row:
            members = [f"{row['regime']}-{i}" for i in range(int(row["members"]))]
            own = known.loc[[(member, *place[1:]) for member in members], "value"]
            assert _floats(pd.Series(row)[VALUES[:3]]) == pytest.approx([own.mean(), own.min(), own.max()], nan_ok=True)


def _check_answers(rows: pd.DataFrame, prediction: pd.DataFrame, *, classes: list[str]) -> None:
    """The answers and probabilities of images, which are stored in four bytes, to the last bit."""
    known = prediction.set_index(["model_id", "dataset", "image_id"])
    for row in rows.to_dict("records"):
        own = known.loc[(row["model"], row["dataset"], row["image_id"])]
        assert (row["role"], row["predicted"]) == (own["role"], classes[own["predicted"]])
        of = {
            "probability": row.get("finding"),
            "probability_of_class": row.get("class"),
            "probability_of_predicted": row["predicted"],
        }
        for column, finding in of.items():
            if column in row:
                assert np.float32(row[column]) == own["probability"][classes.index(finding)]
                assert len(row[column].partition("e")[0].replace(".", "").lstrip("0")) <= 9


def _floats(cells: pd.Series) -> list[float]:
    return [float(cell) if cell else np.nan for cell in cells]
