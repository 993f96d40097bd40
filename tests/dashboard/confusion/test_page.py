"""The Confusion page on small real files: its cells are those of the file, a cell brings its images."""

import re
from pathlib import Path
from urllib.parse import parse_qs

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.findings import FINDINGS
from tests.support.made.answers import judged, write_answers
from tests.support.made.runs import INTERNAL, MadeRun
from tests.support.pages import Opened, answer, images, numbers, sent, written

INTERNAL_TEST = {"model": "split", "dataset": "vinbigdata", "role": "internal_test", "policy": "dominant"}
EXTERNAL_TEST = {"model": "split", "dataset": "chexpert_train", "role": "external_test", "policy": "u_ignore"}

Json = dict[str, object]


def _texts(app: AppTest, grid: int) -> list[list[str]]:
    return [[cell["text"] for cell in row["cells"]] for row in sent(app, "matrix")["grids"][grid]["rows"]]


def _counts(path: Path, test: dict[str, str]) -> pd.DataFrame:
    frame = judged(path, **test)
    return pd.crosstab(frame["class"], frame["predicted"]).reindex(index=range(6), columns=range(6), fill_value=0)


def test_both_matrices_are_those_of_the_file(open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    app = open_page(page="confusion")
    for grid, test in enumerate((INTERNAL_TEST, EXTERNAL_TEST)):
        counts = _counts(path, test)
        n = counts.sum(axis=1)
        expected = [
            [f"{100 * count / n[i]:.1f}" if n[i] >= 30 else f"{count} of {n[i]}" for count in row] if n[i] else []
            for i, row in counts.iterrows()
        ]
        assert _texts(app, grid) == expected
    assert any(" of " in text for row in _texts(app, 0) for text in row)


def test_counts_and_difference_are_those_of_the_file(open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    ours, theirs = _counts(path, INTERNAL_TEST), _counts(path, EXTERNAL_TEST)
    counts = _texts(open_page(page="confusion", show="counts"), 1)
    assert counts == [[f"{count:,}" for count in row] if sum(row) else [] for row in theirs.to_numpy().tolist()]
    (difference,) = sent(open_page(page="confusion", show="difference"), "matrix")["grids"]
    more = 100 * (ours.div(ours.sum(axis=1), axis=0) - theirs.div(theirs.sum(axis=1), axis=0))
    shown = [cell["text"].replace("\u2212", "-") for cell in difference["rows"][0]["cells"]]
    assert [float(text) for text in shown] == pytest.approx(more.loc[0].to_list(), abs=0.0501)


def test_the_answer_is_computed(open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    theirs, ours = judged(path, **EXTERNAL_TEST), judged(path, **INTERNAL_TEST)
    called = theirs["predicted"].value_counts().reindex(range(6), fill_value=0)
    worst = int((called - theirs["class"].value_counts().reindex(range(6), fill_value=0)).idxmax())
    shares = [
        f"{100 * (frame[column] == worst).mean():.1f}" for frame in (theirs, ours) for column in ("predicted", "class")
    ]
    said = answer(open_page(page="confusion"))
    assert FINDINGS[worst] in said
    written = numbers(re.sub(r"\[[^\]]*\]", "", said))
    assert written == [shares[0], f"{len(theirs)}", shares[1], shares[2], f"{len(ours)}", shares[3]]


def test_a_cell_brings_its_ten_most_confident_images(open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    address = {"at": "external", "true": "Nodule/Mass", "as": "No Finding"}
    app = open_page(page="confusion", **address)
    frame = judged(path, **EXTERNAL_TEST)
    cell = frame[(frame["class"] == 2) & (frame["predicted"] == 0)]
    best = cell.sort_values(["confidence", "image_id"], ascending=[False, True])["image_id"].head(10)
    links = [parse_qs(item["href"].removeprefix("?")) for item in sent(app, "gallery")["items"]]
    assert [link["img"][0] for link in links] == best.to_list()
    assert {link["from"][0] for link in links} == {"confusion"}
    assert {link["as"][0] for link in links} == {"No Finding"}
    row = (frame["class"] == 2).sum()
    share = f"{len(cell)} of {row} images ({100 * len(cell) / row:.1f} %)"
    assert share in written(app)
    assert sent(app, "matrix")["picked"] == "external-2-0"


def test_the_way_back_from_an_image_finds_the_cells_as_they_were(open_page: Opened, results: Path) -> None:
    write_answers(results)
    for shown in ("counts", "difference"):
        app = open_page(page="confusion", show=shown)
        links = [parse_qs(item["href"].removeprefix("?")) for item in sent(app, "gallery")["items"]]
        assert {link["show"][0] for link in links} == {shown}


def test_without_a_pick_the_largest_mistake_is_shown(open_page: Opened, results: Path) -> None:
    counts = _counts(write_answers(results), EXTERNAL_TEST).to_numpy().copy()
    for i in range(6):
        counts[i, i] = 0
    true, predicted = divmod(int(counts.argmax()), 6)
    app = open_page(page="confusion")
    assert sent(app, "matrix")["picked"] == f"external-{true}-{predicted}"
    assert len(sent(app, "matrix")["grids"]) == 2


def test_a_cell_that_is_not_here_leaves_the_matrices_without_a_pick(open_page: Opened, results: Path) -> None:
    write_answers(results)
    app = open_page(page="confusion", true="Pneumonia", **{"as": "No Finding"})
    assert (sent(app, "matrix")["picked"], len(sent(app, "matrix")["grids"])) == (None, 2)
    assert not app.button(key="take_out").click().run().warning
    assert sent(app, "matrix")["picked"] is not None


def test_a_cell_without_images_shows_none_of_another_test(open_page: Opened, results: Path) -> None:
    write_answers(results)
    app = open_page(page="confusion", at="internal", true="Pleural Effusion", **{"as": "No Finding"})
    assert sent(app, "matrix")["picked"] == "internal-4-0"
    assert "Pleural Effusion taken for No Finding in the internal test: no images" in written(app)
    assert images(app) == []


def test_a_model_trained_on_all_internal_images_has_no_internal_matrix(open_page: Opened, results: Path) -> None:
    write_answers(results)
    app = open_page(page="confusion", model="full", show="difference")
    internal, external = sent(app, "matrix")["grids"]
    assert internal["rows"] == []
    assert "trained on all internal images" in internal["absent"]
    assert len(external["rows"]) == 6
    assert list(app.button_group[0].options) == ["share of row", "share of column", "counts"]
    assert "; internally" not in written(app)


def test_a_run_without_another_site_shows_the_internal_test_alone(open_page: Opened, results: Path) -> None:
    write_answers(results, MadeRun(sites=(INTERNAL,), images={"internal_test": 240, "train": 240}))
    internal, external = sent(open_page(page="confusion"), "matrix")["grids"]
    assert len(internal["rows"]) == 6
    assert "another site" in external["absent"]


def test_all_in_cases_leads_to_the_same_images(open_page: Opened, results: Path) -> None:
    write_answers(results)
    app = open_page(page="confusion", true="Nodule/Mass", show="counts", **{"as": "No Finding"})
    app.button(key="all_in_cases").click().run()
    assert not app.exception
    address = {key: app.query_params[key] for key in ("page", "true", "as", "sort")}
    assert address == {"page": "cases", "true": "Nodule/Mass", "as": "No Finding", "sort": "most_confident"}
    assert "show" not in app.query_params
