"""Attributes and the mark of a synthetic site on their way through a run, an old run's new site, and a copy."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_core.datasets import synthetic
from cxr_core.findings import FINDINGS
from cxr_core.phantom.layouts.dicom import write_dicom
from cxr_core.pipeline import sites
from cxr_core.pipeline.export import export
from cxr_core.pipeline.inherited_models import inherited_models
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.store.open import open_run
from cxr_core.store.schema import expected_tables

NAMED = ("ward", "manufacturer")


def write_table(path: Path, files: list[str], **columns: list[str]) -> Path:
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", *FINDINGS, *columns])
        for i, name in enumerate(files):
            labels = [int(k == i % len(FINDINGS)) for k in range(len(FINDINGS))]
            table.writerow([name, *labels, *(column[i] for column in columns.values())])
    return path


def drawn(number: int) -> np.ndarray:
    return np.random.default_rng(number).integers(0, 256, (40, 36), dtype=np.uint8)


def pictures(folder: Path, count: int, *, first: int) -> list[str]:
    folder.mkdir()
    for i in range(count):
        cv2.imwrite(str(folder / f"{i:02d}.png"), drawn(first + i))
    return [f"{i:02d}.png" for i in range(count)]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Three sites: DICOM files whose headers say that they are synthetic, pictures, and pictures beside a marker."""
    root = tmp_path_factory.mktemp("tables")
    (root / "home").mkdir()
    for i in range(72):
        write_dicom(
            root / "home" / f"{i:02d}.dcm",
            drawn(i).astype(np.uint16) << 4,
            bits=12,
            inverted=False,
            compressed=False,
            sex="F",
            age_years=None,
            maker="Phantom A" if i % 2 else "Phantom B",
            study_date=date(2019, 6, 15) if i < 50 else date(2020, 6, 15),
        )
    write_table(
        root / "home" / "home.csv",
        [f"{i:02d}.dcm" for i in range(72)],
        ward=["ICU" if i < 36 else "ER" for i in range(72)],
    )
    write_table(
        root / "away" / "away.csv",
        pictures(root / "away", 60, first=100),
        ward=["ICU" if i < 40 else "ER" for i in range(60)],
        Manufacturer=["Phantom A" if i % 4 else "Agfa" for i in range(60)],
        kvp=["60-80"] * 60,
    )
    write_table(root / "third" / "third.csv", pictures(root / "third", 36, first=200), ward=["ICU"] * 36)
    synthetic.mark(root / "third")
    return root


@pytest.fixture(scope="module")
def workspace(cache, tmp_path_factory):
    return Workspace(results=tmp_path_factory.mktemp("results"), cache=cache, device="cpu", workers=1)


def read(tables, name, *, workspace, attributes=NAMED):
    return sites.read(
        f"table:{tables / name / name}.csv", classes=FINDINGS, default=None, workspace=workspace, attributes=attributes
    )


@pytest.fixture(scope="module")
def finished(tables, workspace, tiny):
    settings = replace(tiny, regimes=("split",), folds=2, members=1)
    source, away = (read(tables, name, workspace=workspace) for name in ("home", "away"))
    return carry_out(trained_models(settings, source=source, external=away), workspace=replace(workspace, name="first"))


@pytest.fixture(scope="module")
def again(finished, tables, workspace):
    third = read(tables, "third", workspace=workspace)
    return carry_out(
        inherited_models(finished, external=third, external_images="all"), workspace=replace(workspace, name="second")
    )


def asked(folder: RunFolder, sql: str) -> list[tuple]:
    with open_run(folder.results) as connection:
        return connection.execute(sql).fetchall()


ATTRIBUTES = "SELECT dataset, name, value, count(*) FROM attribute GROUP BY ALL ORDER BY ALL"
STRATA = """
    SELECT DISTINCT stratum FROM {table} WHERE {where} AND regexp_matches(stratum, '^(manufacturer|ward|year)=')
    ORDER BY 1
"""


def test_the_table_and_the_headers_fill_the_attributes(finished):
    assert asked(finished, ATTRIBUTES) == [
        ("away", "manufacturer", "Phantom A", 45),
        ("away", "ward", "ICU", 40),
        ("home", "manufacturer", "Phantom A", 36),
        ("home", "manufacturer", "Phantom B", 36),
        ("home", "ward", "ER", 36),
        ("home", "ward", "ICU", 36),
        ("home", "year", "2019", 50),
        ("home", "year", "2020", 22),
    ]
    (notes,) = asked(finished, "SELECT notes FROM run")[0]
    assert any(note.startswith("away: Columns that were not taken: kvp. ") for note in notes)
    for name in NAMED:
        assert any(
            note.startswith(f"away: Values of the attribute {name} that one patient alone has, or") for note in notes
        )
    assert "home: No column manufacturer: no attribute of that name from this table." in notes


def test_what_thirty_test_images_of_a_site_have_is_a_stratum_there_and_a_gap_where_both_have_it(finished):
    source = ["manufacturer=Phantom A", "manufacturer=Phantom B", "ward=ER", "ward=ICU", "year=2019"]
    assert asked(finished, STRATA.format(table="metric", where="dataset = 'home'")) == [(name,) for name in source]
    away = ["manufacturer=Phantom A", "ward=ICU"]
    assert asked(finished, STRATA.format(table="metric", where="dataset = 'away'")) == [(name,) for name in away]
    assert asked(finished, STRATA.format(table="gap", where="true")) == [(name,) for name in away]
    counted = """
        SELECT n FROM metric WHERE model_id = 'split' AND role IN ('internal_test', 'external_test') AND {}
        AND policy = 'u_ignore' AND task = 'single_class' AND metric = 'accuracy'
    """
    assert asked(finished, counted.format("dataset = 'away' AND stratum = 'manufacturer=Phantom A'")) == [(45,)]
    assert asked(finished, counted.format("dataset = 'home' AND stratum = 'year=2019'")) == [(50,)]


def test_the_number_of_a_stratum_is_that_of_its_images(finished):
    by_hand = """
        SELECT avg((predicted = class)::INT)
        FROM prediction JOIN attribute USING (dataset, image_id) JOIN reference USING (dataset, image_id)
        WHERE model_id = 'split-f0' AND dataset = 'away' AND name = 'ward' AND attribute.value = 'ICU'
          AND policy = 'u_ignore' AND class IS NOT NULL
    """
    stored = """
        SELECT value FROM metric
        WHERE model_id = 'split-f0' AND dataset = 'away' AND stratum = 'ward=ICU' AND policy = 'u_ignore'
          AND task = 'single_class' AND metric = 'accuracy'
    """
    assert asked(finished, stored)[0][0] == pytest.approx(asked(finished, by_hand)[0][0], abs=1e-12)


def test_the_rows_of_other_strata_are_those_of_a_run_without_attributes(finished, tables, workspace, tiny):
    settings = replace(tiny, regimes=("split",), folds=2, members=1)
    source, away = (read(tables, name, workspace=workspace, attributes=()) for name in ("home", "away"))
    plain = carry_out(
        trained_models(settings, source=source, external=away), workspace=replace(workspace, name="plain")
    )
    other = "FROM {} WHERE stratum = 'all' OR split_part(stratum, '=', 1) IN ('view', 'sex', 'age') ORDER BY ALL"
    for table in ("metric", "gap"):
        assert str(asked(plain, other.format(table))) == str(asked(finished, other.format(table)))
    assert str(asked(plain, "FROM prediction ORDER BY ALL")) == str(asked(finished, "FROM prediction ORDER BY ALL"))


def test_a_site_is_synthetic_as_its_headers_or_its_marker_say(finished, again):
    told = "SELECT dataset, synthetic FROM dataset ORDER BY ALL"
    assert asked(finished, told) == [("away", False), ("home", True)]
    assert asked(again, told) == [("home", True), ("third", True)]
    (notes,) = asked(again, "SELECT notes FROM run")[0]
    assert "third: A computer drew these images: SYNTHETIC.txt in their folder says so." in notes
    assert "home: Images whose header says that a computer drew them: 72 of 72; the site is synthetic." in notes


def test_an_old_run_takes_its_attributes_along(finished, again):
    of_home = ATTRIBUTES.replace("FROM attribute", "FROM attribute WHERE dataset = 'home'")
    assert asked(again, of_home) == asked(finished, of_home)
    assert asked(again, STRATA.format(table="gap", where="true")) == [("ward=ICU",)]


def test_a_copy_says_the_same(again, tmp_path, workspace):
    copy = RunFolder(path=export(again, to=tmp_path, with_images=True, cache=workspace.cache))
    for said in (ATTRIBUTES, "SELECT dataset, synthetic FROM dataset ORDER BY ALL"):
        assert asked(copy, said) == asked(again, said)


def test_no_date_reaches_the_cache_the_results_or_the_notes(finished, cache):
    with open_run(finished.results) as connection:
        kept = "".join(str(connection.execute(f"FROM {table}").fetchall()) for table in expected_tables())
    kept += "".join(path.read_text() for path in [*cache.rglob("*.json"), *finished.path.rglob("*.json")])
    assert "2019" in kept
    for form in ("20190615", "2019-06-15", "2019.06.15", "20200615"):
        assert form not in kept
