"""A name as another system or another person writes it is the file that was meant, or none."""

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cxr_core.datasets import table
from cxr_core.datasets.folders import Names
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Manifest

stems = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="/."), min_size=1, max_size=5
).filter(lambda stem: bool(stem.strip()))
WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in composed letters": lambda path: unicodedata.normalize("NFC", path),
    "in decomposed letters": lambda path: unicodedata.normalize("NFD", path),
    "in capitals": str.upper,
    "in small letters": str.lower,
    "without a suffix": lambda path: path.removesuffix(".png"),
    "with another suffix": lambda path: f"{path.removesuffix('.png')}.dcm",
}


def alike(path: str) -> str:
    spelt = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
    return spelt.removesuffix(".png").removesuffix(".dcm")


@settings(max_examples=60, deadline=None)
@given(paths=st.lists(st.tuples(stems, stems).map("/".join), min_size=1, max_size=3), how=st.sampled_from([*WRITTEN]))
def test_a_file_is_the_one_that_was_meant_or_none(
    tmp_path_factory: pytest.TempPathFactory, paths: list[str], how: str
) -> None:
    root, on_disk = tmp_path_factory.mktemp("site"), [f"{path}.png" for path in paths]
    for path in on_disk:
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).touch()
    typed = WRITTEN[how](on_disk[0])
    found = Names(root).file(typed)
    assert found is None or (found in on_disk and alike(found) == alike(typed))
    folders = {path.partition("/")[0] for path in paths}
    assume(len({alike(path) for path in paths}) == len(set(paths)))
    assume(len({alike(folder) for folder in folders}) == len(folders))
    assume(alike(typed) == alike(on_disk[0]))  # some letters have no capital, or two
    assert found == on_disk[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("mine")
    (made / "a.png").touch()
    return made


def read(folder: Path, typed: str) -> Manifest | str:
    path = folder / "names.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("image", *FINDINGS), ("a.png", *"100000"), (typed, *"010000")])
    try:
        return table.read(path, private=folder / "private")[0]
    except DataError as error:
        return str(error)


@settings(max_examples=60, deadline=None)
@given(typed=st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_any_name_is_rejected_or_refused_where_there_is_no_such_file(folder: Path, typed: str) -> None:
    assume(alike(typed.strip().lstrip("./")) != "a")
    found = read(folder, typed)
    if isinstance(found, str):
        assert found.startswith(f"{folder / 'names.csv'}:")
        return
    assert list(found.private_files.values()) == ["a.png"]
    assert len(found.rejected) == 1


@pytest.mark.parametrize("typed", ["./a.png", "A.PNG", "a", "a.dcm", " a.png ", ".//a.png"])
def test_two_spellings_of_one_file_are_refused(folder: Path, typed: str) -> None:
    found = read(folder, typed)
    assert isinstance(found, str)
    assert "names.csv:3: column 'image': expected each " in found
    assert "line 2" in found


@pytest.mark.parametrize(
    "typed", ["b%20c.png", "wards\\b.png", "C:\\b.png", "file:///b.png", "/b.png", "~/b.png", "../b.png"]
)
def test_a_name_in_no_form_of_ours_is_no_file(folder: Path, typed: str) -> None:
    found = read(folder, typed)
    if isinstance(found, str):
        assert "expected a path below the table's folder" in found
        assert "b.png" not in found
    else:
        assert len(found.rejected) == 1
