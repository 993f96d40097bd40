"""A disk that is full in any stage: a sentence and exit 2; with room the same command ends with the right numbers."""

import pytest

from cxr_core.cli.main import main
from cxr_core.pipeline.verify import verify
from cxr_core.pipeline.workspace import RunFolder
from cxr_core.progress.journal import Journal
from cxr_core.store.open import open_run
from tests.support.scarce import scarce

SMALL = (
    "--weights", "none", "--architecture", "small", "--size-px", "32", "--epochs", "2", "--members", "1",
    "--replicates", "100", "--name", "one", "--device", "cpu",
)  # fmt: skip
STAGES = ("decode", "train", "predict", "write", "evaluate")


@pytest.fixture
def typed(hospitals, capsys):
    """Types the command of a run; gives the exit code and what was wrong."""

    def type_(*, results, cache, workers=1):
        place = ("--results", str(results), "--cache", str(cache), "--workers", str(workers))
        code = main(["paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), *place, *SMALL])
        return code, capsys.readouterr().err

    return type_


def contents(folder):
    """Everything that does not depend on the clock."""
    with open_run(folder / "one" / "results.duckdb") as connection:
        tables = ("image", "reference", "prediction", "feature", "saliency", "mean_map", "metric", "gap", "rejected")
        sums = "SELECT count(*), sum(hash(one)::HUGEINT) FROM {} AS one"
        return {table: connection.execute(sums.format(table)).fetchall() for table in tables}


@pytest.fixture(scope="module")
def undisturbed(hospitals, tmp_path_factory):
    """What a run holds whose disk is never full, its folder, and its cache."""
    folder = tmp_path_factory.mktemp("undisturbed")
    place = ("--results", str(folder / "results"), "--cache", str(folder / "cache"), "--workers", "1")
    assert main(["paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), *place, *SMALL]) == 0
    return contents(folder / "results"), folder


def check_that_it_is_said(code, said):
    assert code == 2
    assert "Traceback" not in said
    sentence = said.strip().splitlines()[-1]
    assert sentence.startswith("Cannot write ")
    assert sentence.endswith("Make room there and start the same command again: what was finished is kept.")
    assert "MB are free" in sentence


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_whose_disk_is_full_in_a_stage_says_so_and_goes_on(stage, typed, undisturbed, tmp_path, monkeypatch):
    with scarce(tmp_path / "disk", kilobytes=100_000) as disk:
        begin = Journal.begin

        def begin_with_a_full_disk(self, name, **told):
            if name == stage:
                disk.fill()
            begin(self, name, **told)

        place = {"results": disk.path / "results", "cache": disk.path / "cache"}
        with monkeypatch.context() as patched:
            patched.setattr(Journal, "begin", begin_with_a_full_disk)
            code, said = typed(**place)
        disk.make_room()

        check_that_it_is_said(code, said)
        assert not (place["results"] / "one" / "results.duckdb").exists()
        assert not list(disk.path.rglob("*.part*"))

        code, said = typed(**place)
        assert code == 0, said
        assert contents(place["results"]) == undisturbed[0]
        assert all(found.is_right for found in verify(RunFolder(path=place["results"] / "one"), cache=place["cache"]))


def test_no_image_is_set_aside_for_a_full_disk_that_other_processes_meet(typed, undisturbed, tmp_path):
    with scarce(tmp_path / "disk", kilobytes=100, kind="tmpfs") as disk:
        place = {"results": tmp_path / "results", "cache": disk.path / "cache"}

        code, said = typed(**place, workers=2)
        check_that_it_is_said(code, said)
        disk.take(100_000)

        assert typed(**place)[0] == 0
        assert contents(place["results"]) == undisturbed[0]


@pytest.mark.parametrize("words", [(), ("--with-images",)])
@pytest.mark.parametrize("kilobytes", [64, 700])
def test_an_export_to_a_full_disk_says_so_and_leaves_nothing(words, kilobytes, undisturbed, tmp_path, capsys):
    folder = undisturbed[1]
    command = ["export", "one", "--results", str(folder / "results"), "--cache", str(folder / "cache"), *words]
    with scarce(tmp_path / "disk", kilobytes=kilobytes) as disk:
        code = main([*command, "--to", str(disk.path)])

        check_that_it_is_said(code, capsys.readouterr().err)
        assert list(disk.path.iterdir()) == []

        disk.take(100_000)
        assert main([*command, "--to", str(disk.path)]) == 0
        assert contents(disk.path) == undisturbed[0]
