"""Pictures for the browser: from the cache, from an export, or none."""

import base64
from dataclasses import replace
from pathlib import Path

import cv2
import duckdb
import numpy as np
import pytest

from cxr_core.images import shards
from cxr_core.images.entries import Cached, Entry
from dashboard import images
from dashboard.results.database import RunKey
from dashboard.results.pictures import load_pictures
from tests.support.made.runs import MadeRun

KEY = ("vinbigdata", "i3")


@pytest.fixture
def run(results: Path, monkeypatch: pytest.MonkeyPatch) -> RunKey:
    monkeypatch.setenv("SECOND_SITE_CACHE", str(results / "cache"))
    path = MadeRun(images={"internal_test": 12, "external_test": 12, "train": 12}).write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE image SET content_hash = 'same', picture_hash = dataset || image_id, width = 300, height = 200"
        )
        connection.execute("UPDATE image SET content_hash = NULL, picture_hash = NULL WHERE image_id = 'i5'")
    return RunKey(name=path.parent.name, path=str(path), changed_ns=1)


def _pixels(uri: str | None) -> np.ndarray:
    assert uri is not None
    return cv2.imdecode(np.frombuffer(base64.b64decode(uri.partition(",")[2]), np.uint8), cv2.IMREAD_GRAYSCALE)


def _cached(folder: Path, pixels: np.ndarray) -> None:
    folder.mkdir(parents=True)
    cached = Cached(content_hash="same", picture_hash="".join(KEY), width=300, height=200)
    shards.write(folder / "a.json", pixels=pixels[None], entries=[Entry(file_key="k", result=cached, row=0)])


def test_the_cache_gives_the_square_that_the_network_saw(run: RunKey, results: Path) -> None:
    square = np.tile(np.arange(0, 224, dtype=np.uint8), (224, 1))
    _cached(results / "cache" / "images" / "p", square)
    picture = load_pictures(run, (KEY,))[KEY]
    assert picture.aspect == 1.5
    whole = _pixels(images.thumbnail(run, picture, size_px=224))
    assert np.abs(whole.astype(int) - square).max() <= 4
    assert _pixels(images.thumbnail(run, picture, size_px=100)).shape == (100, 100)


def test_an_image_that_is_nowhere_is_none(run: RunKey) -> None:
    found = load_pictures(run, (KEY, ("vinbigdata", "i5"), ("vinbigdata", "nobody")))
    assert set(found) == {KEY, ("vinbigdata", "i5")}
    assert [images.thumbnail(run, picture, size_px=100) for picture in found.values()] == [None, None]


def test_an_export_brings_its_own_pixels(run: RunKey) -> None:
    gray = np.full((20, 20), 77, np.uint8)
    with duckdb.connect(run.path) as connection:
        connection.execute("INSERT INTO pixels VALUES (?, ?, ?)", [*KEY, cv2.imencode(".webp", gray)[1].tobytes()])
    uri = images.thumbnail(run, load_pictures(run, (KEY,))[KEY], size_px=100)
    assert uri is not None
    assert uri.startswith("data:image/webp;base64,")
    assert abs(int(_pixels(uri)[10, 10]) - 77) <= 2


def test_a_gray_picture_comes_back_as_it_is() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    np.testing.assert_array_equal(_pixels(images.png(pixels.tobytes(), height=3, width=4)), pixels)


@pytest.mark.parametrize("fingerprint", ["../elsewhere", "p\0", "/", "", "x" * 5000])
def test_a_fingerprint_names_nothing_outside_the_cache(run: RunKey, results: Path, fingerprint: str) -> None:
    square = np.zeros((224, 224), np.uint8)
    _cached(results / "cache" / "elsewhere", square)
    (results / "cache" / "images").mkdir()
    picture = replace(load_pictures(run, (KEY,))[KEY], pipeline_fingerprint=fingerprint)
    assert images.thumbnail(run, picture, size_px=168) is None
