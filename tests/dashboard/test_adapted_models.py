"""What was fitted to patients of the external site changes nothing but what is said to be of it."""

from pathlib import Path

import pytest

from cxr_core.store.runs import look_into
from dashboard.app import PAGES
from dashboard.results.runs import choices
from tests.support.made import findings as made_findings
from tests.support.made import performance as made
from tests.support.pages import Downloads, Opened, figures, said
from tests.support.results import change, frame, key_of

ELSEWHERE = [page for page in PAGES if page != "shift"]

ADAPTED = """
    INSERT INTO model BY NAME SELECT model_id || '+local' AS model_id, outputs, 'adapted' AS origin FROM model
        WHERE model_id = regime;
    INSERT INTO prediction BY NAME
        SELECT * REPLACE (model_id || '+local' AS model_id, 'external_adapted' AS role, 0 AS predicted)
        FROM prediction WHERE role = 'external_test' AND model_id = 'split';
    INSERT INTO threshold
        SELECT 'split+local', name, 'stated', 0.3, ('chexpert_train', 'external_adapted') FROM finding;
    INSERT INTO metric BY NAME
        SELECT * REPLACE (model_id || '+local' AS model_id, 'external_adapted' AS role, 0.5 AS value, 0.4 AS low,
            0.6 AS high)
        FROM metric WHERE role = 'external_test' AND model_id = 'split';
"""

WITHOUT = """
    DELETE FROM model WHERE origin = 'adapted';
    DELETE FROM prediction WHERE role = 'external_adapted';
    DELETE FROM threshold WHERE model_id LIKE '%+local';
    DELETE FROM metric WHERE role = 'external_adapted';
"""


@pytest.mark.parametrize("page", ELSEWHERE)
def test_a_page_of_single_classes_is_the_same_without_them(page: str, results: Path, open_page: Opened) -> None:
    path = made.write(results)
    address = {"page": page, **_image(path, page)}
    before = open_page(**address)
    change(path, ADAPTED)
    after = open_page(**address)
    assert said(after) == said(before)
    assert figures(after) == figures(before)


@pytest.mark.parametrize("page", [page for page in ELSEWHERE if page not in ("training", "saliency")])
def test_a_page_of_findings_is_the_same_without_them(page: str, results: Path, open_page: Opened) -> None:
    path = made_findings.write(results, "both")
    assert len(frame(path, "FROM model WHERE origin = 'adapted'"))
    address = {"page": page, **_image(path, page)}
    before = open_page(**address)
    change(path, WITHOUT)
    after = open_page(**address)
    assert said(after) == said(before)
    assert figures(after) == figures(before)


def test_nor_do_they_stand_among_models_runs_and_downloads(
    results: Path, open_page: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, downloads = made.write(results), Downloads(monkeypatch)
    open_page(page="overview")
    found, taken = look_into(path.parent), downloads.rows("overview_configurations")
    offered = choices(key_of(path))
    change(path, ADAPTED)
    open_page(page="overview")
    assert look_into(path.parent).outline == found.outline
    assert choices(key_of(path)) == offered
    assert downloads.rows("overview_configurations") == taken


def _image(path: Path, page: str) -> dict[str, str]:
    """On the page of one image, an external one."""
    if page != "image":
        return {}
    (row,) = frame(path, "FROM prediction WHERE role = 'external_test' ORDER BY ALL LIMIT 1").itertuples()
    return {"of": row.dataset, "img": row.image_id}
