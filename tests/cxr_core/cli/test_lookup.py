"""From pseudonyms back to a site's own names, as it is typed: right, private, and never wrong in silence."""

import csv
import io
import stat
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from cxr_core.cli.main import main
from cxr_core.datasets import table
from cxr_core.findings import FINDINGS
from tests.support.made.runs import EXTERNAL, INTERNAL, OWN, MadeRun

FILES = ("wards/SMITH-1.png", "wards/SMITH-2.png", "JONES.png")
PATIENTS = ("SMITH, John", "SMITH, John", "=JONES")

Look = Callable[..., tuple[int, str, str]]


class Site:
    """A hospital's table that was read on this machine, and a run on it."""

    def __init__(self, root: Path) -> None:
        self.root, self.cache = root, root / "cache"
        self.results = MadeRun(
            name="mine", sites=(INTERNAL, EXTERNAL, OWN), images={"internal_test": 4, "external_test": 3, "train": 4}
        ).write(root / "results")
        self.images, self.patients = self.read()
        with duckdb.connect(str(self.results)) as connection:
            for i, (image, patient) in enumerate(zip(self.images, self.patients, strict=True)):
                connection.execute(
                    "UPDATE image SET image_id = ?, patient_id = ? WHERE dataset = 'st_elsewhere' AND image_id = ?",
                    [image, patient, f"i{i}"],
                )

    def read(self) -> tuple[list[str], list[str]]:
        rows = [f'{file},"{patient}",{",".join("1" * 6)}' for file, patient in zip(FILES, PATIENTS, strict=True)]
        for file in FILES:
            (self.root / file).parent.mkdir(exist_ok=True)
            (self.root / file).touch()
        path = self.root / "st_elsewhere.csv"
        path.write_text("\n".join([f"image,patient,{','.join(FINDINGS)}", *rows]))
        (manifest,) = table.read(path, private=self.cache / "private")
        own = {name: pseudonym for pseudonym, name in manifest.private_files.items()}
        patients = dict(zip(manifest.images["image_id"], manifest.images["patient_id"], strict=True))
        return [own[file] for file in FILES], [patients[own[file]] for file in FILES]

    @property
    def map(self) -> Path:
        (found,) = self.cache.glob("private/st_elsewhere-*/map.csv")
        return found


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def look(site: Site, capsys: pytest.CaptureFixture[str]) -> Look:
    """Types the command on the run; gives the exit code and what was said, which never is a name in an error."""

    def typed(*words: str) -> tuple[int, str, str]:
        place = ["--results", str(site.results.parents[1]), "--cache", str(site.cache)]
        code = main(["lookup", "mine", *words, *place])
        said = capsys.readouterr()
        for secret in (*site.images, *site.patients, *FILES, *PATIENTS, "SMITH", "JONES"):
            assert secret not in said.err
        return code, said.out, said.err

    return typed


def test_ids_of_images_and_patients_become_names_and_a_public_one_is_its_own(site: Site, look: Look) -> None:
    code, out, err = look(site.images[2], site.patients[0], "i3")
    assert (code, err) == (0, "")
    rows = [line.split(maxsplit=3) for line in out.splitlines()]
    assert rows[:3] == [
        ["id", "of", "dataset", "own name"],
        [site.images[2], "image", "st_elsewhere", "JONES.png"],
        [site.patients[0], "patient", "st_elsewhere", "SMITH, John"],
    ]
    assert ["i3", "image", "vinbigdata", "i3"] in rows
    assert out.splitlines()[-1] == "The ids of vinbigdata are public: each is its own name."


def test_a_list_gets_a_column_and_keeps_its_own(site: Site, look: Look, tmp_path: Path) -> None:
    listed = tmp_path / "cases.csv"
    with listed.open("w", newline="") as file:
        rows = zip(site.images, [*site.patients[:2], ""], ["a,b", 'c"d', ""], strict=True)
        csv.writer(file).writerows([("image", "patient", "note"), *rows])
    before = listed.read_bytes()

    code, out, _ = look("--list", str(listed))
    assert code == 0
    printed = list(csv.DictReader(io.StringIO(out)))
    assert list(printed[0]) == ["image", "patient", "note", "own_image", "own_patient"]
    assert [row["own_image"] for row in printed] == list(FILES)
    assert [row["own_patient"] for row in printed] == ["SMITH, John", "SMITH, John", ""]
    assert [row["note"] for row in printed] == ["a,b", 'c"d', ""]

    code, said, _ = look("--list", str(listed), "--to", str(tmp_path / "named.csv"))
    assert (code, (tmp_path / "named.csv").read_text()) == (0, out)
    assert stat.S_IMODE((tmp_path / "named.csv").stat().st_mode) == 0o600
    assert "SMITH" not in said
    code, _, err = look("--list", str(listed), "--to", str(listed))
    assert (code, listed.read_bytes()) == (2, before)
    assert "does not exist yet" in err


def test_ids_of_studies_become_names(site: Site, look: Look, tmp_path: Path) -> None:
    path = tmp_path / "st_elsewhere.csv"
    path.write_text("accession,edema\nA-1,1\n")
    (manifest,) = table.read(path, classes=("Edema",), private=site.cache / "private", needs_images=False)
    (study,) = manifest.images["study_id"]
    with duckdb.connect(str(site.results)) as connection:
        connection.execute("UPDATE image SET study_id = ? WHERE image_id = ?", [study, site.images[0]])
    assert [line.split(maxsplit=3) for line in look(study)[1].splitlines()][1] == [
        study,
        "study",
        "st_elsewhere",
        "A-1",
    ]
    (tmp_path / "cases.csv").write_text(f'study_id\n{study}\n""\n')
    assert look("--list", str(tmp_path / "cases.csv"))[1].splitlines() == ["study_id,own_study_id", f"{study},A-1", ","]


def test_a_file_that_was_set_aside_has_its_name_too(site: Site, look: Look) -> None:
    with duckdb.connect(str(site.results)) as connection:
        connection.execute("DELETE FROM image WHERE image_id = ?", [site.images[0]])
        connection.execute("INSERT INTO rejected VALUES ('st_elsewhere', ?, 'It is no image.')", [site.images[0]])
    assert look(site.images[0])[1].split()[-1] == FILES[0]


def test_what_is_not_there_is_said_by_its_place(site: Site, look: Look, tmp_path: Path) -> None:
    code, out, err = look(site.images[0], "0" * 32, "SMITH")
    assert (code, out) == (2, "")
    assert "found 2 of 3 that it does not hold (number 2, number 3)" in err
    (tmp_path / "short.csv").write_text(f"run,image\nmine,{site.images[0]}\nmine,{'0' * 32}\n")
    code, out, err = look("--list", str(tmp_path / "short.csv"))
    assert (code, out) == (2, "")
    assert "short.csv, row 3, image" in err
    (tmp_path / "none.csv").write_text("class,n\nx,1\n")
    assert "a heading with a column of ids" in look("--list", str(tmp_path / "none.csv"))[2]
    for nothing in ((), (site.images[0], "--list", "x.csv"), (site.images[0], "--to", "x.csv")):
        assert look(*nothing)[0] == 2


def test_names_that_are_not_on_this_machine_are_said_to_be_elsewhere(site: Site, look: Look) -> None:
    names = site.map
    names.rename(names.with_suffix(".gone"))
    assert "expected the map of the table st_elsewhere, found none" in look(site.images[0])[2]
    names.write_text("no,map\n1,2\n")
    assert "map.csv: expected a CSV file with the columns image_id and file" in look(site.images[0])[2]
    (names.parent / "key").unlink()
    site.read()
    code, _, err = look(*site.images)
    assert code == 2
    assert "maps that do not know 3 of 3" in err
    assert "another key" in err
    site.cache.rename(site.root / "elsewhere")
    assert "expected the folder that keeps the names of private tables, found none" in look(site.images[0])[2]


def test_a_run_without_a_table_says_that_its_ids_are_public(site: Site, look: Look) -> None:
    with duckdb.connect(str(site.results)) as connection:
        connection.execute("DELETE FROM dataset WHERE dataset = 'st_elsewhere'")
    code, out, err = look("i3")
    assert (code, out) == (2, "")
    assert "found only chexpert_train, vinbigdata in mine: their ids are public" in err
